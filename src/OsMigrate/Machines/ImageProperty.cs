namespace OsMigrate.Machines;

/// <summary>One property of a Glance image.</summary>
/// <param name="Name">Glance's name, as in its metadata definitions (OpenStack Glance administrator guide, "Useful image properties").</param>
/// <param name="Value">The value as Nova and Glance spell it.</param>
/// <param name="Reason">Why it was chosen, one sentence for people.</param>
public sealed record ImageProperty(string Name, string Value, string Reason);
