using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>Reads key expressions (BIP 380, multipath of BIP 389).</summary>
internal sealed class KeyExpressionParser
{
    private readonly BitcoinNetwork _network;
    private readonly int _position;
    private KeyOrigin? _origin;
    private char _marker = 'h';

    private KeyExpressionParser(BitcoinNetwork network, int position)
    {
        _network = network;
        _position = position;
    }

    /// <summary>Reads one key.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="position">Where it stands in the descriptor, from 1.</param>
    /// <param name="network">Where it belongs.</param>
    /// <param name="allowXOnly">Take 64 hex digits.</param>
    internal static Result<KeyExpression, Refusal> Parse(string text, int position, BitcoinNetwork network, bool allowXOnly = false)
    {
        var parser = new KeyExpressionParser(network, position);
        var key = text;
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0)
                return parser.Refuse("has an origin without a closing bracket");
            if (parser.ReadOrigin(text[1..end]) is { } refusal)
                return refusal;
            key = text[(end + 1)..];
        }

        if (key.Length == 0)
            return parser.Refuse("is missing");
        if (key.AsSpan().ContainsAny("[]"))
            return parser.Refuse("has a bracket in the wrong place");
        return parser.ReadKey(key, allowXOnly);
    }

    private Refusal? ReadOrigin(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var fingerprintText = slash < 0 ? text : text[..slash];
        if (!KeyFingerprint.TryParse(fingerprintText, out var fingerprint))
            return Refuse("has an origin whose fingerprint is not 8 hex digits");

        var steps = Array.Empty<ChildIndex>();
        if (slash >= 0 && ReadSteps(text[(slash + 1)..].Split('/'), out steps) is { } refusal)
            return refusal;
        _origin = new KeyOrigin(fingerprint, new DerivationPath(steps));
        return null;
    }

    private Result<KeyExpression, Refusal> ReadKey(string text, bool allowXOnly)
    {
        var parts = text.Split('/');
        var key = parts[0];
        if (parts.Length == 1 && TryReadHex(key, allowXOnly, out var single))
            return single;
        if (WifKey.Parse(key, _network).TryGet(out var wif, out var wifRefusal))
        {
            if (parts.Length == 1)
                return Place(new EncodedPublicKey(wif.SecretKey.PublicKey, wif.IsCompressed), wif, isXOnly: false);
            wif.Dispose();
            return Refuse("has steps behind a single key");
        }

        if (key.Length is 51 or 52 && key[0] is '5' or 'K' or 'L' or '9' or 'c')
            return Refuse($"is a secret key that {wifRefusal.Reason}");
        return ReadExtended(key, parts.AsSpan(1));
    }

    private bool TryReadHex(string text, bool allowXOnly, out Result<KeyExpression, Refusal> result)
    {
        result = default;
        if (text.Length is not (64 or 66 or 130) || !Hex.TryDecode(text, out byte[]? bytes))
            return false;

        var isXOnly = text.Length == 64;
        if (isXOnly && !allowXOnly)
            result = Refuse("is an x-only key, which only tr() takes");
        else if (EncodedPublicKey.TryParse(isXOnly ? [2, .. bytes] : bytes, out var key))
            result = Place(key, secret: null, isXOnly);
        else
            result = Refuse("is no public key: not a point of the curve, or of a form that is not used");
        return true;
    }

    private SingleKeyExpression Place(EncodedPublicKey key, WifKey? secret, bool isXOnly) =>
        new(key, secret, isXOnly) { Origin = _origin, HardenedMarker = _marker, Position = _position };

    [SuppressMessage("Reliability", "CA2000", Justification = "The expression owns the key.")]
    private Result<KeyExpression, Refusal> ReadExtended(string text, Span<string> parts)
    {
        ExtendedPrivateKey? privateKey = null;
        if (!ExtendedPublicKey.Parse(text).TryGet(out var publicKey, out var refusal))
        {
            if (!ExtendedPrivateKey.Parse(text).TryGet(out privateKey, out var secretRefusal))
                return Refuse(text.Length > 4 && text.AsSpan(1).StartsWith("prv", StringComparison.Ordinal) ? $"is an extended key that {secretRefusal.Reason}" : DescribeUnknown(text, refusal));
            publicKey = privateKey.Neuter();
        }

        var expected = _network == BitcoinNetwork.Mainnet ? ExtendedKeyNetwork.Mainnet : ExtendedKeyNetwork.Testnet;
        var problem = publicKey.Origin.Network == expected ? null : Refuse($"is a {(publicKey.Origin.Network == ExtendedKeyNetwork.Mainnet ? "mainnet" : "testnet")} key; {_network} is expected");
        var wildcard = ExtendedKeyExpression.Wildcard.None;
        if (problem is null && parts.Length > 0 && parts[^1].StartsWith('*'))
        {
            problem = ReadWildcard(parts[^1], out wildcard);
            parts = parts[..^1];
        }

        var (place, values, steps) = (0, Array.Empty<ChildIndex>(), Array.Empty<ChildIndex>());
        problem ??= ReadPath(parts, out steps, out place, out values);
        if (problem is null)
            return ExtendedKeyExpression.Create(publicKey, privateKey, new DerivationPath(steps), wildcard, place, values, _origin, _marker, _position);
        privateKey?.Dispose();
        return problem;
    }

    private static string DescribeUnknown(string text, Refusal refusal) =>
        text.Length > 4 && text.AsSpan(1).StartsWith("pub", StringComparison.Ordinal)
            ? $"is an extended key that {refusal.Reason}"
            : "is no key: 66 or 130 hex digits, WIF, or an extended key are";

    private Refusal? ReadWildcard(string text, out ExtendedKeyExpression.Wildcard wildcard)
    {
        wildcard = text.Length == 1 ? ExtendedKeyExpression.Wildcard.Normal : ExtendedKeyExpression.Wildcard.Hardened;
        if (text.Length == 1)
            return null;
        if (text.Length != 2 || !IsMarker(text[1]))
            return Refuse($"has a last step '{text}'; '*' and '*h' range over children");
        SetMarker(text[1]);
        return null;
    }

    private Refusal? ReadPath(ReadOnlySpan<string> parts, out ChildIndex[] steps, out int place, out ChildIndex[] values)
    {
        (place, values) = (0, []);
        steps = [];
        if (parts.Length > DerivationPath.LengthMax)
            return Refuse($"has more than {DerivationPath.LengthMax} steps");

        steps = new ChildIndex[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!parts[i].StartsWith('<'))
            {
                if (ReadStep(parts[i], out steps[i]) is { } refusal)
                    return refusal;
                continue;
            }

            if (values.Length > 0)
                return Refuse("has more than one multipath step");
            if (ReadMultipath(parts[i], out values) is { } problem)
                return problem;
            (place, steps[i]) = (i, values[0]);
        }

        return null;
    }

    private Refusal? ReadMultipath(string text, out ChildIndex[] values)
    {
        values = [];
        if (!text.EndsWith('>'))
            return Refuse($"has a multipath step '{text}' without its end '>'");
        if (ReadSteps(text[1..^1].Split(';'), out values) is { } refusal)
            return refusal;
        if (values.Length < 2)
            return Refuse("has a multipath step of fewer than two values");
        return values.Distinct().Count() == values.Length ? null : Refuse("has a multipath step with a value twice");
    }

    private Refusal? ReadSteps(ReadOnlySpan<string> parts, out ChildIndex[] steps)
    {
        steps = [];
        if (parts.Length > DerivationPath.LengthMax)
            return Refuse($"has more than {DerivationPath.LengthMax} steps");
        var read = new ChildIndex[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (ReadStep(parts[i], out read[i]) is { } refusal)
                return refusal;
        }

        steps = read;
        return null;
    }

    private Refusal? ReadStep(string text, out ChildIndex step)
    {
        step = default;
        var isHardened = text.Length > 0 && IsMarker(text[^1]);
        var digits = isHardened ? text[..^1] : text;
        if (digits.Length is 0 or > 10 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return Refuse($"has a step '{text}' that is no number");
        var number = ulong.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        if (number >= ChildIndex.HardenedBit)
            return Refuse($"has a step {number} that is not below 2147483648");

        step = isHardened ? ChildIndex.Hardened((uint)number) : ChildIndex.Normal((uint)number);
        if (isHardened)
            SetMarker(text[^1]);
        return null;
    }

    private static bool IsMarker(char character) => character is 'h' or '\'';

    private void SetMarker(char character) => _marker = character == '\'' ? '\'' : 'h';

    private Refusal Refuse(string reason) => new("descriptor.key", $"at position {_position} {reason}");
}
