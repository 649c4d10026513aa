namespace OsMigrate.Module.Output;

/// <summary>A disk image that is again what it was before it was changed in place.</summary>
/// <param name="Journal">The file that what was overwritten came from; it is gone now.</param>
/// <param name="WasChanged">False when the change had been cut off before the image was touched.</param>
public sealed record UndoneEdit(string Path, string Journal, bool WasChanged);
