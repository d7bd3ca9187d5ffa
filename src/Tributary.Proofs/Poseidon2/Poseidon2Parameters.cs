using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Poseidon2;

/// <summary>One instance of Poseidon2 over KoalaBear: its width and its round constants.</summary>
public sealed class Poseidon2Parameters
{
    /// <summary>Full rounds before the partial ones, and again after them.</summary>
    public const int HalfFullRounds = 4;

    private readonly KoalaBear[] _initial;
    private readonly KoalaBear[] _partial;
    private readonly KoalaBear[] _final;

    private Poseidon2Parameters(int width, KoalaBear[] initial, KoalaBear[] partial, KoalaBear[] final)
    {
        Width = width;
        (_initial, _partial, _final) = (initial, partial, final);
    }

    /// <summary>Sixteen elements, twenty partial rounds.</summary>
    public static Poseidon2Parameters Width16 { get; } =
        new(16, Poseidon2Constants.InitialFull16, Poseidon2Constants.Partial16, Poseidon2Constants.FinalFull16);

    /// <summary>Twenty-four elements, twenty-three partial rounds.</summary>
    public static Poseidon2Parameters Width24 { get; } =
        new(24, Poseidon2Constants.InitialFull24, Poseidon2Constants.Partial24, Poseidon2Constants.FinalFull24);

    /// <summary>Elements of the state.</summary>
    public int Width { get; }

    /// <summary>Rounds with one S-box.</summary>
    public int PartialRounds => _partial.Length;

    /// <summary>The constants of one of the first four rounds.</summary>
    public ReadOnlySpan<KoalaBear> InitialFull(int round) => _initial.AsSpan(round * Width, Width);

    /// <summary>The constants of the partial rounds, one each.</summary>
    public ReadOnlySpan<KoalaBear> Partial => _partial;

    /// <summary>The constants of one of the last four rounds.</summary>
    public ReadOnlySpan<KoalaBear> FinalFull(int round) => _final.AsSpan(round * Width, Width);
}
