using System.Globalization;

namespace OsMigrate.Net;

/// <summary>How long a server asks to be left alone (RFC 9110, section 10.2.3): seconds or a date.</summary>
internal static class RetryAfter
{
    /// <summary>A server that asks for more is not waited for: the error says so instead.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static TimeSpan? Of(HttpReply reply, DateTimeOffset now)
    {
        if (reply.Header("Retry-After")?.Trim() is not { Length: > 0 } text)
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return null;
        return date > now ? date - now : TimeSpan.Zero;
    }
}
