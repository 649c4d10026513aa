namespace OsMigrate.OpenStack.Configuration.Text;

/// <summary>One line of a file, with the characters that end it kept apart: "\n", "\r\n", "\r" or none at the end of the file.</summary>
internal readonly record struct ConfigLine(string Text, string Ending)
{
    public override string ToString() => Text + Ending;
}
