namespace OsMigrate.Shell.Console;

/// <summary>Reads a line with cursor keys, history and tab completion. Longer lines scroll sideways.</summary>
internal sealed class LineEditor(TabCompletion completion)
{
    private readonly List<string> _history = [];
    private string _prompt = "";
    private string _text = "";
    private int _cursor;
    private int _historyAt;
    private (int Start, IReadOnlyList<string> Texts, int Next, string Result)? _cycle;

    /// <summary>The line without its end; null at the end of the input (Ctrl+D on an empty line); "" after Ctrl+C.</summary>
    public string? ReadLine(string prompt)
    {
        if (System.Console.IsInputRedirected)
            return System.Console.In.ReadLine();
        (_prompt, _text, _cursor, _historyAt, _cycle) = (prompt, "", 0, _history.Count, null);
        System.Console.TreatControlCAsInput = true;
        try
        {
            return ReadKeys();
        }
        finally
        {
            System.Console.TreatControlCAsInput = false;
            System.Console.WriteLine();
        }
    }

    private string? ReadKeys()
    {
        while (true)
        {
            Draw();
            var key = System.Console.ReadKey(intercept: true);
            var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter: return Accept();
                case ConsoleKey.C when control: return "";
                case ConsoleKey.D when control && _text.Length == 0: return null;
                case ConsoleKey.Tab: CompleteWord(); break;
                default:
                    _cycle = null;
                    Edit(key, control);
                    break;
            }
        }
    }

    private string Accept()
    {
        if (_text.Trim().Length > 0 && (_history.Count == 0 || _history[^1] != _text))
            _history.Add(_text);
        return _text;
    }

    private void Edit(ConsoleKeyInfo key, bool control)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: _cursor = control ? WordStart() : Math.Max(0, _cursor - 1); break;
            case ConsoleKey.RightArrow: _cursor = Math.Min(_text.Length, _cursor + 1); break;
            case ConsoleKey.Home or ConsoleKey.A when key.Key == ConsoleKey.Home || control: _cursor = 0; break;
            case ConsoleKey.End or ConsoleKey.E when key.Key == ConsoleKey.End || control: _cursor = _text.Length; break;
            case ConsoleKey.UpArrow: Recall(-1); break;
            case ConsoleKey.DownArrow: Recall(1); break;
            case ConsoleKey.Escape: Remove(0, _text.Length); break;
            case ConsoleKey.U when control: Remove(0, _cursor); break;
            case ConsoleKey.K when control: Remove(_cursor, _text.Length); break;
            case ConsoleKey.W when control: Remove(WordStart(), _cursor); break;
            case ConsoleKey.L when control: System.Console.Clear(); break;
            case ConsoleKey.Backspace when _cursor > 0: Remove(_cursor - 1, _cursor); break;
            case ConsoleKey.Delete when _cursor < _text.Length: Remove(_cursor, _cursor + 1); break;
            default:
                if (!char.IsControl(key.KeyChar))
                    Insert(key.KeyChar.ToString());
                break;
        }
    }

    private void Insert(string text)
    {
        _text = _text.Insert(_cursor, text);
        _cursor += text.Length;
    }

    private void Remove(int start, int end)
    {
        _text = _text.Remove(start, end - start);
        _cursor = start;
    }

    private int WordStart()
    {
        var at = _cursor;
        while (at > 0 && char.IsWhiteSpace(_text[at - 1]))
            at--;
        while (at > 0 && !char.IsWhiteSpace(_text[at - 1]))
            at--;
        return at;
    }

    private void Recall(int step)
    {
        _historyAt = Math.Clamp(_historyAt + step, 0, _history.Count);
        _text = _historyAt < _history.Count ? _history[_historyAt] : "";
        _cursor = _text.Length;
    }

    /// <summary>The first Tab puts in the first possibility, further Tabs the next ones.</summary>
    private void CompleteWord()
    {
        if (_cycle is not { } cycle || cycle.Result != _text)
        {
            var (start, length, texts) = completion.Complete(_text, _cursor);
            if (texts.Count == 0)
                return;
            _text = _text.Remove(start, length);
            cycle = (start, texts, 0, "");
        }
        else
        {
            var last = cycle.Texts[(cycle.Next + cycle.Texts.Count - 1) % cycle.Texts.Count];
            _text = _text.Remove(cycle.Start, last.Length);
        }

        var chosen = cycle.Texts[cycle.Next];
        _cursor = cycle.Start;
        Insert(chosen);
        _cycle = (cycle.Start, cycle.Texts, (cycle.Next + 1) % cycle.Texts.Count, _text);
    }

    private void Draw()
    {
        var width = Math.Max(20, System.Console.WindowWidth) - 1;
        var prompt = _prompt.Length > width / 2 ? _prompt[^(width / 2)..] : _prompt;
        var room = width - prompt.Length;
        var first = Math.Max(0, _cursor - room + 1);
        var shown = _text.Substring(first, Math.Min(room, _text.Length - first));
        System.Console.Write("\r\u001b[K" + prompt + shown);
        var back = shown.Length - (_cursor - first);
        if (back > 0)
            System.Console.Write($"\u001b[{back}D");
    }
}
