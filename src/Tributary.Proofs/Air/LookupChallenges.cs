using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>
/// The challenges of the lookup argument (Haböck, ePrint 2022/1530): message (v₀, v₁, …) on bus k has the fingerprint γ + (k + 1) + Σ β^(j+1)·vⱼ.
/// The constant term tells buses apart and each bus has one width, so different messages have different fingerprints as polynomials in β.
/// </summary>
internal sealed class LookupChallenges(Extension gamma, Extension beta, int maxWidth)
{
    /// <summary>γ.</summary>
    public Extension Gamma { get; } = gamma;

    /// <summary>β, β², ….</summary>
    public Extension[] BetaPowers { get; } = ExtensionField.Powers(beta, maxWidth + 1)[1..];

    /// <summary>The constant term of a bus.</summary>
    public Extension Start(Bus bus) => Gamma + KoalaBear.FromUInt32((uint)bus.Number) + KoalaBear.One;

    /// <summary>The fingerprint of a message over the extension, as the verifier sees it.</summary>
    public Extension Fingerprint(Bus bus, ReadOnlySpan<Extension> message)
    {
        var result = Start(bus);
        for (var j = 0; j < message.Length; j++)
            result += BetaPowers[j] * message[j];
        return result;
    }

    /// <summary>The fingerprint of a message of base field elements.</summary>
    public Extension Fingerprint(Bus bus, ReadOnlySpan<KoalaBear> message)
    {
        var result = Start(bus);
        for (var j = 0; j < message.Length; j++)
            result += BetaPowers[j] * message[j];
        return result;
    }
}
