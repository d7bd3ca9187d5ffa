using System.Globalization;
using System.Text;

namespace Tributary.Lightning.Features;

/// <summary>A set of feature bits (BOLT 9), bit 0 the lowest of the last byte. Immutable; compares by the bits that are set.</summary>
public sealed class FeatureVector : IEquatable<FeatureVector>
{
    private static readonly (Feature Feature, Feature Needs)[] s_dependencies =
    [
        (Feature.BasicMultiPart, Feature.PaymentSecret),
        (Feature.PaymentSecret, Feature.VariableLengthOnion),
        (Feature.ZeroConf, Feature.ScidAlias),
        (Feature.SimpleClose, Feature.ShutdownAnySegwit),
        (Feature.AnchorsZeroFeeHtlc, Feature.StaticRemoteKey),
    ];

    // These every node has by now ("ASSUMED"): a peer may have stopped naming them.
    private static readonly Feature[] s_assumed =
        [Feature.DataLossProtect, Feature.VariableLengthOnion, Feature.StaticRemoteKey, Feature.PaymentSecret, Feature.ChannelType];

    private static readonly Feature[] s_known = Enum.GetValues<Feature>();

    // As on the wire, leading zero bytes kept: a vector that was received is written back as it came.
    private readonly byte[] _bytes;

    private FeatureVector(byte[] bytes) => _bytes = bytes;

    /// <summary>No feature.</summary>
    public static FeatureVector Empty { get; } = new([]);

    /// <summary>The bytes on the wire.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>True when no bit is set.</summary>
    public bool IsEmpty => !Span.ContainsAnyExcept((byte)0);

    /// <summary>Any bytes are a vector.</summary>
    public static FeatureVector Read(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? Empty : new FeatureVector(bytes.ToArray());

    /// <summary>A vector of these bits.</summary>
    public static FeatureVector OfBits(params ReadOnlySpan<int> bits)
    {
        var top = -1;
        foreach (var bit in bits)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bit, nameof(bits));
            top = Math.Max(top, bit);
        }

        var bytes = new byte[(top + 8) / 8];
        foreach (var bit in bits)
            bytes[bytes.Length - 1 - (bit / 8)] |= (byte)(1 << (bit % 8));
        return new FeatureVector(bytes);
    }

    /// <summary>With a feature offered: its odd bit.</summary>
    public FeatureVector Offering(params ReadOnlySpan<Feature> features) => With(features, 1);

    /// <summary>With a feature required: its even bit.</summary>
    public FeatureVector Requiring(params ReadOnlySpan<Feature> features) => With(features, 0);

    /// <summary>Is this bit set?</summary>
    public bool IsSet(int bit) => bit / 8 < _bytes.Length && (_bytes[_bytes.Length - 1 - (bit / 8)] >> (bit % 8) & 1) != 0;

    /// <summary>Is the feature offered or required?</summary>
    public bool Supports(Feature feature) => IsSet((int)feature) || IsSet((int)feature + 1);

    /// <summary>Is the feature required? When both bits are set it is.</summary>
    public bool Requires(Feature feature) => IsSet((int)feature);

    /// <summary>Bitwise or: what the two fields of <c>init</c> say together.</summary>
    public FeatureVector Or(FeatureVector other)
    {
        var (longer, shorter) = _bytes.Length >= other._bytes.Length ? (_bytes, other._bytes) : (other._bytes, _bytes);
        byte[] bytes = [.. longer];
        for (var i = 0; i < shorter.Length; i++)
            bytes[bytes.Length - shorter.Length + i] |= shorter[i];
        return new FeatureVector(bytes);
    }

    /// <summary>Without leading zero bytes: the shortest form, which a writer uses.</summary>
    public FeatureVector Minimal()
    {
        var start = Span.IndexOfAnyExcept((byte)0);
        return start switch
        {
            < 0 => Empty,
            0 => this,
            _ => new FeatureVector(_bytes[start..]),
        };
    }

    /// <summary>
    /// The lowest required bit that is no feature of BOLT 9: who does not know a feature that a peer requires must not go on with it.
    /// </summary>
    public bool TryFindUnknownRequired(out int bit) => TryFindRequiredBeyond(s_known, out bit);

    /// <summary>The lowest required bit that is none of these features.</summary>
    public bool TryFindRequiredBeyond(ReadOnlySpan<Feature> understood, out int bit)
    {
        for (bit = 0; bit < _bytes.Length * 8; bit += 2)
        {
            if (IsSet(bit) && !understood.Contains((Feature)bit))
                return true;
        }

        return false;
    }

    /// <summary>A feature that is set without one that it depends on (BOLT 9, "Dependencies"); features that all nodes have need not be named.</summary>
    public bool TryFindMissingDependency(out Feature feature, out Feature needs)
    {
        foreach (var (candidate, dependency) in s_dependencies)
        {
            if (Supports(candidate) && !Supports(dependency) && !s_assumed.Contains(dependency))
            {
                (feature, needs) = (candidate, dependency);
                return true;
            }
        }

        (feature, needs) = (default, default);
        return false;
    }

    /// <summary>Is a feature agreed with a peer? Both offer it, or we require it and the peer has not hung up (BOLT 1, "init").</summary>
    public bool IsNegotiated(Feature feature, FeatureVector peer) => Requires(feature) || (Supports(feature) && peer.Supports(feature));

    public bool Equals(FeatureVector? other) => other is not null && Minimal().Span.SequenceEqual(other.Minimal().Span);

    public override bool Equals(object? obj) => Equals(obj as FeatureVector);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Minimal().Span);
        return hash.ToHashCode();
    }

    /// <summary>The bits that are set, lowest first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var bit = 0; bit < _bytes.Length * 8; bit++)
        {
            if (IsSet(bit))
                text.Append(text.Length == 0 ? "" : " ").Append(bit.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private FeatureVector With(ReadOnlySpan<Feature> features, int offset)
    {
        var added = new int[features.Length];
        for (var i = 0; i < added.Length; i++)
            added[i] = (int)features[i] + offset;
        return Or(OfBits(added));
    }
}
