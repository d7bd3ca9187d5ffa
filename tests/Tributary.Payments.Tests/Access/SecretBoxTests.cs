using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Access;

namespace Tributary.Payments.Tests.Access;

public sealed class SecretBoxTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    [Fact]
    public void What_was_sealed_opens_for_its_purpose_only()
    {
        using var box = new SecretBox(s_key);
        Check.QuickThrowOnFailure(Prop.ForAll((NonNull<string> secret) =>
        {
            var clean = string.Concat(secret.Get.Where(static c => !char.IsSurrogate(c)));
            var sealedSecret = box.Seal(clean, "we_1");
            Assert.Equal(clean, box.Open(sealedSecret, "we_1"));
            Assert.ThrowsAny<CryptographicException>(() => box.Open(sealedSecret, "we_2"));
        }));
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        using var box = new SecretBox(s_key);
        var sealedSecret = box.Seal("whsec_secret", "we_1");
        for (var i = 0; i < sealedSecret.Length; i++)
        {
            var changed = sealedSecret.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => box.Open(changed, "we_1"));
            Assert.ThrowsAny<CryptographicException>(() => box.Open(sealedSecret.AsSpan(0, i), "we_1"));
        }
    }

    [Fact]
    public void Many_threads_may_open_and_seal_at_once()
    {
        using var box = new SecretBox(s_key);
        var sealedSecret = box.Seal("whsec_secret", "we_1");
        Parallel.For(0, 20_000, i =>
        {
            Assert.Equal("whsec_secret", box.Open(sealedSecret, "we_1"));
            if (i % 16 == 0)
                Assert.Equal("other", box.Open(box.Seal("other", "we_2"), "we_2"));
        });
    }
}
