using System.Globalization;
using System.Management.Automation;
using OsMigrate.Migrations.Sources;

namespace OsMigrate.Module.Parameters;

/// <summary>A parameter that says when a warm migration is cut over: Now, Manual, or a date and time.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CutoverAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var text = value is DateTime time ? time.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture) : value?.ToString() ?? "";
        return TryParse(text, out _) ? text : throw new ArgumentTransformationMetadataException($"'{text}' is neither Now, nor Manual, nor a date and time.");
    }

    internal static CutoverTime Parse(string text) => TryParse(text, out var cutover) ? cutover : CutoverTime.Now;

    private static bool TryParse(string text, out CutoverTime cutover)
    {
        cutover = CutoverTime.Now;
        if (string.Equals(text, "Now", StringComparison.OrdinalIgnoreCase))
            return true;
        if (string.Equals(text, "Manual", StringComparison.OrdinalIgnoreCase))
        {
            cutover = new CutoverTime(true, null);
            return true;
        }

        // The user's own way of writing dates first.
        if (!DateTime.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.RoundtripKind, out var at) && !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out at))
            return false;
        cutover = new CutoverTime(false, at.ToUniversalTime());
        return true;
    }
}
