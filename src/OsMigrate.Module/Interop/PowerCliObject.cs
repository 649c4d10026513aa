using System.Management.Automation;

namespace OsMigrate.Module.Interop;

/// <summary>Reads properties of objects whose types are not known here. A property that is missing, or fails, is null.</summary>
internal static class PowerCliObject
{
    public static object? Value(object? item, params string[] path)
    {
        foreach (var name in path)
        {
            if (item is null)
                return null;
            try
            {
                item = PSObject.AsPSObject(item).Properties[name]?.Value;
            }
            catch (GetValueException)
            {
                // Lazy properties ask the server, which may refuse.
                return null;
            }
        }

        return item is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : item;
    }

    public static string? Text(object? item, params string[] path) => Value(item, path)?.ToString();
}
