using System.Diagnostics.CodeAnalysis;

namespace OsMigrate.Bytes;

/// <summary>What can be wrong with a deflate stream. Apart from the decoder, so that its loops stay small.</summary>
internal static class DeflateFaults
{
    [DoesNotReturn]
    public static void EndsEarly() => throw new DeflateEndException();

    [DoesNotReturn]
    public static void TooLong() => Throw("the data expands beyond its block");

    [DoesNotReturn]
    public static void BadDistance() => Throw("a match begins before the start of the data");

    [DoesNotReturn]
    public static void BadCode() => Throw("a code that stands for nothing");

    [DoesNotReturn]
    public static void BadCodeSet(string which) => Throw("the set of " + which + " codes is over-subscribed or incomplete");

    [DoesNotReturn]
    public static void Throw(string reason) => throw new InvalidDataException(reason);
}

/// <summary>The input ends before the stream does. Never leaves <see cref="Inflater"/>.</summary>
internal sealed class DeflateEndException() : Exception("the stream ends early");
