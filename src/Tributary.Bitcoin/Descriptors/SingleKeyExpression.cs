using System.Text;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>A key in hex or WIF.</summary>
/// <param name="key">The public key.</param>
/// <param name="secret">Its secret, or null.</param>
/// <param name="isXOnly">Written with 32 bytes, as <c>tr()</c> may.</param>
internal sealed class SingleKeyExpression(EncodedPublicKey key, WifKey? secret, bool isXOnly) : KeyExpression
{
    internal override bool HasSecret => secret is not null;

    internal override bool IsCompressed => key.IsCompressed;

    internal override Result<DerivedKey, Refusal> Derive(uint index) =>
        new DerivedKey(key, Origin ?? new KeyOrigin(KeyFingerprint.FromBytes(key.Hash160.AsSpan(0, KeyFingerprint.Length)), DerivationPath.Root));

    internal override ISecretKeySource? ToSecretSource()
    {
        if (secret is null)
            return null;
        var ring = new KeyRing();
        ring.Add(secret.SecretKey);
        return ring;
    }

    public override void Dispose() => secret?.Dispose();

    protected override void WriteKey(StringBuilder text, KeyForm form, BitcoinNetwork network)
    {
        if (form == KeyForm.Secret && secret is not null)
            text.Append(secret.ToSecretString(network));
        else if (isXOnly)
            text.Append(key.XOnly.ToString());
        else
            text.Append(key.ToString());
    }
}
