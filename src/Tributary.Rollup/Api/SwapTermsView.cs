using Tributary.Primitives.Bytes;
using Tributary.Rollup.Swaps;

namespace Tributary.Rollup.Api;

/// <summary>The terms of a swap.</summary>
/// <param name="Terms">Their encoding (<see cref="SwapTerms"/>), in hex.</param>
/// <param name="BeginBy">The last height at which the client should lock.</param>
public sealed record SwapTermsView(string Terms, long BeginBy)
{
    /// <summary>The view of terms.</summary>
    public static SwapTermsView Of(SwapTerms terms, SwapMargins margins)
    {
        var writer = new ByteWriter(SwapTerms.Length);
        terms.WriteTo(writer);
        return new SwapTermsView(Convert.ToHexStringLower(writer.WrittenSpan), terms.FirstLockBy(margins));
    }

    /// <summary>Reads the terms; null where they are none.</summary>
    public SwapTerms? Read()
    {
        if (Terms is not { Length: 2 * SwapTerms.Length } || !Terms.All(char.IsAsciiHexDigit))
            return null;
        var reader = new SpanReader(Convert.FromHexString(Terms));
        return SwapTerms.Read(ref reader) is { } terms && reader.IsAtEnd ? terms : null;
    }
}
