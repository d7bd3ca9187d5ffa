using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>
/// An output script descriptor (BIP 380 to 387, 389): a text that says which scripts a wallet watches and which keys spend them.
/// Immutable to its users; owns the secret keys in it. Safe to read from many threads.
/// </summary>
public sealed class Descriptor : IDisposable, ISecretKeySource
{
    /// <summary>The longest descriptor that is read, in characters: 999 extended keys with origins and paths fit.</summary>
    public const int LengthMax = 262_144;

    private readonly ScriptExpression _root;
    private readonly KeyExpression[] _keys;
    private readonly bool _ownsKeys;

    internal Descriptor(ScriptExpression root, BitcoinNetwork network, bool ownsKeys = true)
    {
        _ownsKeys = ownsKeys;
        _root = root;
        _keys = [.. root.Keys];
        Network = network;
    }

    public BitcoinNetwork Network { get; }

    /// <summary>True when it stands for a script at every index.</summary>
    public bool IsRanged => Array.Exists(_keys, static key => key.IsRanged);

    /// <summary>How many descriptors it stands for (BIP 389): receive and change, most often; 1 without a multipath step.</summary>
    public int MultipathCount => _keys.Select(static key => key.MultipathCount).DefaultIfEmpty(1).Max();

    /// <summary>True when at least one key is secret.</summary>
    public bool HasSecretKeys => Array.Exists(_keys, static key => key.HasSecret);

    /// <summary>True when what spends the scripts is known but for signatures; false for <c>addr()</c> and <c>raw()</c>.</summary>
    public bool IsSolvable => _root.IsSolvable;

    /// <summary>Reads a descriptor of a network.</summary>
    /// <param name="text">The descriptor; a checksum behind '#' is checked.</param>
    /// <param name="network">Where its keys and addresses belong.</param>
    /// <param name="requireChecksum">Refuse one without a checksum, as a program does that stores what a person typed.</param>
    public static Result<Descriptor, Refusal> Parse(string text, BitcoinNetwork network, bool requireChecksum = false) =>
        DescriptorParser.Parse(text, network, requireChecksum);

    /// <summary>The scripts at an index: one, or up to four for <c>combo()</c>. The index does not matter where it is not ranged.</summary>
    /// <param name="index">Below 2^31.</param>
    public Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index)
    {
        if (index >= ChildIndex.HardenedBit)
            return new Refusal("index", "is not below 2147483648");
        return MultipathCount == 1 ? _root.Derive(index) : new Refusal("descriptor", "stands for several; one of them has scripts");
    }

    /// <summary>The descriptors that a multipath step stands for, in order; itself where there is none. They live as long as this one.</summary>
    public IReadOnlyList<Descriptor> ExpandMultipath() =>
        MultipathCount == 1 ? [this] : [.. Enumerable.Range(0, MultipathCount).Select(i => new Descriptor(_root.Select(i), Network, ownsKeys: false))];

    /// <summary>The descriptor without secrets, with its checksum. Keys and markers are as they were written.</summary>
    public override string ToString() => Write(KeyForm.Public);

    /// <summary>The descriptor with the secrets that are in it. The text is a secret too: for an export a user asks for.</summary>
    public string ToSecretString() => Write(KeyForm.Secret);

    /// <summary>
    /// The descriptor without secrets from which all scripts follow that follow with them: steps to the last hardened one are taken, and
    /// stand in the key's origin (BIP 380). What has no secret, or a hardened last step, stays as it is.
    /// </summary>
    public string ToNormalizedString() => Write(KeyForm.Normalized);

    public bool TryFind(EncodedPublicKey publicKey, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key)
    {
        foreach (var expression in _keys)
        {
            if (expression.ToSecretSource() is not { } source)
                continue;
            using (source as IDisposable)
            {
                if (source.TryFind(publicKey, origin, out key))
                    return true;
            }
        }

        key = null;
        return false;
    }

    public bool TryFind(Bytes32 xOnly, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key)
    {
        foreach (var expression in _keys)
        {
            if (expression.ToSecretSource() is not { } source)
                continue;
            using (source as IDisposable)
            {
                if (source.TryFind(xOnly, origin, out key))
                    return true;
            }
        }

        key = null;
        return false;
    }

    public bool TryFindByHash(ReadOnlySpan<byte> hash160, out EncodedPublicKey publicKey)
    {
        foreach (var expression in _keys)
        {
            if (expression.ToSecretSource() is not { } source)
                continue;
            using (source as IDisposable)
            {
                if (source.TryFindByHash(hash160, out publicKey))
                    return true;
            }
        }

        publicKey = default;
        return false;
    }

    public void Dispose()
    {
        foreach (var key in _ownsKeys ? _keys : [])
            key.Dispose();
    }

    private string Write(KeyForm form)
    {
        var text = new StringBuilder(128);
        _root.Write(text, form, Network);
        var descriptor = text.ToString();
        return $"{descriptor}#{DescriptorChecksum.Compute(descriptor)}";
    }
}
