using Tributary.Crypto;
using Tributary.Lightning.Keys;

namespace Tributary.Lightning.Tests.Keys;

public sealed class NodeKeysTests
{
    private static readonly byte[] s_seed = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    // Computed with Python's hmac and checked against this class once: money hangs on them, so they never change.
    [Fact]
    public void A_seed_gives_these_keys_for_ever()
    {
        using var keys = NodeKeys.FromSeed(s_seed);
        using var channel = keys.ChannelKeys(Hashes.Sha256("a channel"u8));
        Assert.Equal("0270cb20fb998c34142668fcbe0b53984f30bd591316ed0778fc188f5c8b30761d", keys.Id.ToString());
        Assert.Equal("026f26fbc62609b0a9b00fdc0705fd303fa8e3703387d27c424c0cab3e17971c", Convert.ToHexStringLower(keys.BackupKey.Reveal()));
        Assert.Equal("f2d2a59d0f46c083685650f21ff61dc85802a8e52e9e38170879337fbfe6688f", Convert.ToHexStringLower(keys.ReplicaKey.Reveal()));
        Assert.Equal("458ad1a099dca3b6a3ec91ad13c04d60a892d2033a476851bba6b8e3e3f01ea8", Convert.ToHexStringLower(keys.InvoiceSecret.Reveal()));
        Assert.Equal(
            "c8f3f194f12e31665cd003bef8c34f2c5211a863393b4428a09bbe40dbc4aef2",
            Hashes.Sha256(Bytes(channel.Basepoints.Funding, channel.Basepoints.Revocation, channel.Basepoints.Payment, channel.Basepoints.DelayedPayment, channel.Basepoints.Htlc)).ToString());
        Assert.Equal("035f0752fafbb9e4342206f0dcd3cd2df1ae8571a87d0370bfc80161b3d706d00c", Convert.ToHexStringLower(channel.PerCommitment.Point(0).ToBytes()));
    }

    [Fact]
    public void Every_secret_differs_from_every_other()
    {
        using var keys = NodeKeys.FromSeed(s_seed);
        using var first = keys.ChannelKeys(Hashes.Sha256("a"u8));
        using var second = keys.ChannelKeys(Hashes.Sha256("b"u8));
        PublicKey[] all =
        [
            keys.Identity.PublicKey,
            .. new[] { first, second }.SelectMany(static channel => new[]
            {
                channel.Basepoints.Funding, channel.Basepoints.Revocation, channel.Basepoints.Payment,
                channel.Basepoints.DelayedPayment, channel.Basepoints.Htlc, channel.PerCommitment.Point(0),
            }),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.False(keys.BackupKey.ConstantTimeEquals(keys.ReplicaKey));
        Assert.False(keys.BackupKey.ConstantTimeEquals(keys.InvoiceSecret));
    }

    [Fact]
    public void Text_shows_no_secret_and_disposed_keys_sign_no_more()
    {
        var keys = NodeKeys.FromSeed(s_seed);
        var channel = keys.ChannelKeys(Hashes.Sha256("a"u8));
        Assert.Equal($"(keys of {keys.Id})", keys.ToString());
        Assert.Equal($"(keys of channel {channel.Id})", channel.ToString());
        keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => keys.BackupKey.Reveal());
        Assert.Throws<ObjectDisposedException>(() => keys.ChannelKeys(channel.Id));
        channel.Dispose();
        Assert.Throws<ObjectDisposedException>(() => channel.PerCommitment.Point(0));
    }

    [Fact]
    public void A_seed_of_another_length_is_refused() => Assert.Throws<ArgumentException>(static () => NodeKeys.FromSeed(s_seed.AsSpan(1)));

    private static byte[] Bytes(params PublicKey[] keys) => [.. keys.SelectMany(static key => key.ToBytes())];
}
