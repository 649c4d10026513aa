using System.Management.Automation.Host;

namespace OsMigrate.Shell.Hosting;

/// <summary>The terminal's size and keys. Where there is no terminal, sizes are fixed, and setting them does nothing.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    private const int WidthWithoutTerminal = 120;
    private const int HeightWithoutTerminal = 50;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Coordinates CursorPosition
    {
        get => HasTerminal ? new Coordinates(System.Console.CursorLeft, System.Console.CursorTop) : default;
        set
        {
            if (HasTerminal)
                System.Console.SetCursorPosition(value.X, value.Y);
        }
    }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override Size BufferSize
    {
        get => HasTerminal ? new Size(Math.Max(20, System.Console.WindowWidth), Math.Max(5, System.Console.WindowHeight)) : new Size(WidthWithoutTerminal, HeightWithoutTerminal);
        set { }
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set { }
    }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override bool KeyAvailable => !System.Console.IsInputRedirected && System.Console.KeyAvailable;

    public override string WindowTitle
    {
        get => OperatingSystem.IsWindows() ? System.Console.Title : "";
        set
        {
            if (HasTerminal)
                System.Console.Title = value;
        }
    }

    private static bool HasTerminal => !System.Console.IsOutputRedirected;

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (System.Console.IsInputRedirected)
            throw new HostException("There is no keyboard: standard input is redirected.");
        var key = System.Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        var states = (key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? ControlKeyStates.ShiftPressed : 0)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Control) ? ControlKeyStates.LeftCtrlPressed : 0)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? ControlKeyStates.LeftAltPressed : 0);
        return new KeyInfo((int)key.Key, key.KeyChar, states, true);
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
            System.Console.ReadKey(intercept: true);
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle)
        => throw new NotSupportedException("A terminal's contents cannot be read back.");

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
        => throw new NotSupportedException("A terminal's contents cannot be moved.");

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
        => throw new NotSupportedException("A terminal's contents cannot be set cell by cell.");

    /// <summary>Clear-Host fills the whole buffer with spaces: done by clearing.</summary>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (HasTerminal)
            System.Console.Clear();
    }
}
