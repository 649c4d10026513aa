using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace OsMigrate.Shell.Hosting;

/// <summary>Questions. With -NonInteractive, and when standard input has ended, they fail instead of waiting.</summary>
internal sealed partial class ShellUserInterface
{
    public override string ReadLine()
    {
        Refuse();
        EndProgress();
        return System.Console.In.ReadLine() ?? throw NoAnswer("the input has ended");
    }

    public override SecureString ReadLineAsSecureString()
    {
        Refuse();
        EndProgress();
        var secret = new SecureString();
        if (System.Console.IsInputRedirected)
        {
            foreach (var character in ReadLine())
                secret.AppendChar(character);
            return secret;
        }

        for (var key = System.Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = System.Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
                secret.RemoveAt(secret.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                secret.AppendChar(key.KeyChar);
        }

        WriteLine();
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        Refuse(string.Join(", ", descriptions.Select(field => field.Name)));
        Announce(caption, message);
        return descriptions.ToDictionary(field => field.Name, AskFor, StringComparer.OrdinalIgnoreCase);
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Refuse(message);
        Announce(caption, message);
        var answers = choices.Select(choice => new Choice(choice)).ToArray();
        var hint = defaultChoice >= 0 ? $" (default is \"{answers[defaultChoice].Key}\")" : "";
        while (true)
        {
            Ask(string.Concat(answers.Select(answer => $"[{answer.Key}] {answer.Label}  ")) + $"[?] Help{hint}: ");
            var given = ReadLine().Trim();
            if (given.Length == 0 && defaultChoice >= 0)
                return defaultChoice;
            if (given == "?")
                Array.ForEach(answers, answer => WriteLine($"{answer.Key} - {answer.Help}"));
            else if (Array.FindIndex(answers, answer => answer.IsMeantBy(given)) is >= 0 and var chosen)
                return chosen;
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
        => PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        Refuse("a user name and a password");
        Announce(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Ask("User: ");
            userName = ReadLine();
        }

        Ask($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private PSObject AskFor(FieldDescription field)
    {
        var type = Type.GetType(field.ParameterAssemblyFullName) ?? Type.GetType(field.ParameterTypeFullName) ?? typeof(string);
        if (type == typeof(PSCredential))
            return PSObject.AsPSObject(PromptForCredential("", "", "", ""));
        if (type == typeof(SecureString))
        {
            Ask($"{field.Name}: ");
            return PSObject.AsPSObject(ReadLineAsSecureString());
        }

        if (type.IsArray || (type != typeof(string) && typeof(IList).IsAssignableFrom(type)))
            return PSObject.AsPSObject(AskForSeveral(field.Name));
        Ask($"{field.Name}: ");
        return PSObject.AsPSObject(ReadLine());
    }

    private string[] AskForSeveral(string name)
    {
        var values = new List<string>();
        while (true)
        {
            Ask($"{name}[{values.Count}]: ");
            var value = ReadLine();
            if (value.Length == 0)
                return [.. values];
            values.Add(value);
        }
    }

    /// <summary>Questions go to standard error when standard output is redirected: they are not part of the result.</summary>
    private void Ask(string text) => Put(System.Console.IsOutputRedirected ? _error : _output, text);

    private void Announce(string caption, string message)
    {
        foreach (var text in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(text))
                Ask(text + Environment.NewLine);
        }
    }

    private void Refuse(string question = "a line of input")
    {
        if (_nonInteractive)
            throw NoAnswer($"the console runs with -NonInteractive (asked for: {question})");
    }

    private static HostException NoAnswer(string reason)
        => new($"A command has to ask a question, and {reason}. Give the value as a parameter, or -Confirm:$false or -Force where it asks for confirmation.", null, "NoAnswer", ErrorCategory.ResourceUnavailable);

    /// <summary>A choice as the engine describes it, "&amp;Yes": the letter after the ampersand answers, and so does the whole word.</summary>
    private sealed class Choice(ChoiceDescription description)
    {
        public string Label { get; } = description.Label.Replace("&", "", StringComparison.Ordinal);

        public string Help => string.IsNullOrEmpty(description.HelpMessage) ? Label : description.HelpMessage;

        public string Key
        {
            get
            {
                var at = description.Label.IndexOf('&', StringComparison.Ordinal);
                return at >= 0 && at + 1 < description.Label.Length ? description.Label.Substring(at + 1, 1).ToUpperInvariant() : Label;
            }
        }

        public bool IsMeantBy(string given)
            => string.Equals(given, Key, StringComparison.OrdinalIgnoreCase) || string.Equals(given, Label, StringComparison.OrdinalIgnoreCase);
    }
}
