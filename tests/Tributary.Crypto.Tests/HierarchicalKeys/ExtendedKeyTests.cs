using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.HierarchicalKeys;

public sealed class ExtendedKeyTests
{
    [Fact]
    public void Vectors_1_to_4_of_BIP_32_derive_and_read_as_they_say()
    {
        foreach (var (seedHex, pathText, publicText, privateText) in Bip32Vectors.Valid)
        {
            using var seed = Seed.Create(Convert.FromHexString(seedHex)).Value;
            using var master = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet).Value;
            var path = DerivationPath.Parse(pathText).Value;
            using var derived = master.Derive(path).Value;
            Assert.Equal(privateText, derived.Reveal());
            Assert.Equal(publicText, derived.Neuter().ToString());

            using var read = ExtendedPrivateKey.Parse(privateText).Value;
            Assert.True(read.ConstantTimeEquals(derived));
            Assert.Equal(derived.Origin, read.Origin);
            Assert.Equal(path.Count, read.Origin.Depth);
            var readPublic = ExtendedPublicKey.Parse(publicText).Value;
            Assert.Equal(derived.Neuter(), readPublic);
            Assert.Equal(derived.Neuter().GetHashCode(), readPublic.GetHashCode());

            // The last step on the public side, where it is not hardened.
            if (path.Count > 0 && !path[^1].IsHardened)
            {
                using var parent = master.Derive(new DerivationPath(path.Steps[..^1])).Value;
                Assert.Equal(publicText, parent.Neuter().Derive(path[^1]).Value.ToString());
                Assert.Equal(parent.Fingerprint, readPublic.Origin.Parent);
            }
        }
    }

    [Fact]
    public void Vector_5_of_BIP_32_is_refused_row_by_row()
    {
        foreach (var (text, reason) in Bip32Vectors.Invalid)
        {
            Assert.True(!ExtendedPrivateKey.Parse(text).IsOk, reason);
            Assert.True(!ExtendedPublicKey.Parse(text).IsOk, reason);
            var error = text.StartsWith("xprv", StringComparison.Ordinal) ? ExtendedPrivateKey.Parse(text).Error : ExtendedPublicKey.Parse(text).Error;
            var expected = reason switch
            {
                _ when reason.Contains("checksum", StringComparison.Ordinal) => "checksum",
                _ when reason.Contains("zero depth", StringComparison.Ordinal) => "master key",
                _ when reason.Contains("unknown extended key version", StringComparison.Ordinal) => "version",
                _ => "no valid",
            };
            Assert.Contains(expected, error.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Test_networks_have_their_own_text_and_the_same_keys()
    {
        using var seed = Seed.Generate(new SeededEntropy(1));
        using var main = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet).Value;
        using var test = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Testnet).Value;
        Assert.StartsWith("tprv", test.Reveal(), StringComparison.Ordinal);
        Assert.StartsWith("tpub", test.Neuter().ToString(), StringComparison.Ordinal);
        Assert.Equal(main.PublicKey, test.PublicKey);
        Assert.False(main.ConstantTimeEquals(test));
        Assert.NotEqual(main.Neuter(), test.Neuter());
        Assert.Equal(ExtendedKeyNetwork.Testnet, ExtendedPublicKey.Parse(test.Neuter().ToString()).Value.Origin.Network);
        using var read = ExtendedPrivateKey.Parse(test.Reveal()).Value;
        Assert.True(read.ConstantTimeEquals(test));
    }

    [Fact]
    public void Public_and_private_derivation_meet() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, uint first, uint second) =>
        {
            using var root = Seed.Generate(new SeededEntropy(seed));
            using var master = ExtendedPrivateKey.FromSeed(root, ExtendedKeyNetwork.Testnet).Value;
            var path = new DerivationPath(ChildIndex.Normal(first >> 1), ChildIndex.Normal(second >> 1));
            using var derived = master.Derive(path).Value;
            var publicKey = master.Neuter().Derive(path).Value;
            var payload = new byte[78];
            publicKey.WriteTo(payload);
            return derived.Neuter().Equals(publicKey) && ExtendedPublicKey.Read(payload).Value.Equals(publicKey);
        }));

    [Fact]
    public void A_hardened_step_needs_the_private_key()
    {
        using var seed = Seed.Generate(new SeededEntropy(1));
        using var master = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet).Value;
        Assert.Contains("0h", master.Neuter().Derive(ChildIndex.Hardened(0)).Error.Reason, StringComparison.Ordinal);
        Assert.Equal("path", master.Neuter().Derive(DerivationPath.Parse("m/1/2h").Value).Error.Field);
    }

    [Fact]
    public void Nothing_is_derived_below_depth_255()
    {
        using var seed = Seed.Generate(new SeededEntropy(1));
        using var master = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet).Value;
        var path = new DerivationPath(Enumerable.Repeat(ChildIndex.Normal(0), 255).ToArray());
        using var deepest = master.Derive(path).Value;
        Assert.Equal(255, deepest.Origin.Depth);
        Assert.Contains("255", deepest.Derive(ChildIndex.Normal(0)).Error.Reason, StringComparison.Ordinal);
        Assert.Contains("255", deepest.Neuter().Derive(ChildIndex.Normal(0)).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_path_of_no_steps_is_a_copy_and_a_disposed_key_is_unusable()
    {
        using var seed = Seed.Generate(new SeededEntropy(1));
        var master = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet).Value;
        using var copy = master.Derive(DerivationPath.Root).Value;
        Assert.True(copy.ConstantTimeEquals(master));
        var scalar = master.Key.Scalar;
        master.Dispose();
        Assert.False(scalar.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => master.Reveal());
        Assert.Throws<ObjectDisposedException>(() => master.Derive(ChildIndex.Hardened(0)));
        Assert.NotEmpty(copy.Reveal());
    }

    [Fact]
    public void Fingerprints_read_and_write_as_descriptors_have_them()
    {
        // BIP 32, vector 1: the fingerprint of the master key is the parent of its child.
        var child = ExtendedPublicKey.Parse(Bip32Vectors.Valid[1].Public).Value;
        Assert.Equal("3442193e", child.Origin.Parent.ToString());
        Assert.Equal(child.Origin.Parent, ExtendedPublicKey.Parse(Bip32Vectors.Valid[0].Public).Value.Fingerprint);
        Assert.True(KeyFingerprint.TryParse("3442193E", out var read) && read == child.Origin.Parent);
        Assert.False(KeyFingerprint.TryParse("3442193", out _));
        Assert.False(KeyFingerprint.TryParse("3442193g", out _));
        var bytes = new byte[4];
        read.WriteTo(bytes);
        Assert.Equal(read, KeyFingerprint.FromBytes(bytes));
        Assert.True(ExtendedPublicKey.Parse(Bip32Vectors.Valid[0].Public).Value.Origin.Parent.IsZero);
    }

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Fuzz.RunText(
            [.. Bip32Vectors.Valid.Take(6).SelectMany(row => new[] { row.Public, row.Private }), .. Bip32Vectors.Invalid.Select(row => row.Text)],
            static text =>
            {
                if (ExtendedPublicKey.Parse(text).TryGet(out var publicKey) && !text.SequenceEqual(publicKey.ToString()))
                    throw new InvalidOperationException("One key has two texts.");
                if (ExtendedPrivateKey.Parse(text).TryGet(out var privateKey))
                    privateKey.Dispose();
            });

    [Fact]
    public void Any_payload_is_read_or_refused()
    {
        var payload = new byte[78];
        ExtendedPublicKey.Parse(Bip32Vectors.Valid[1].Public).Value.WriteTo(payload);
        Fuzz.Run([payload], static input => _ = ExtendedPublicKey.Read(input));
    }
}
