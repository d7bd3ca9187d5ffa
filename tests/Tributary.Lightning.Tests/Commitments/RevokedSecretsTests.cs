using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Commitments;

public sealed class RevokedSecretsTests
{
    public static TheoryData<string, bool, string[]> Rows => RevokedSecretsVectors.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Secrets_that_do_not_follow_from_each_other_are_refused(string name, bool isRight, string[] secrets)
    {
        Assert.NotEmpty(name);
        var revoked = new RevokedSecrets();
        foreach (var secret in secrets[..^1])
            Assert.True(revoked.TryAdd(Value(secret)));
        Assert.Equal(isRight, revoked.TryAdd(Value(secrets[^1])));
        Assert.Equal((ulong)(isRight ? secrets.Length : secrets.Length - 1), revoked.Revoked);
    }

    [Fact]
    public void Every_revoked_secret_comes_back_and_no_other() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte seed, byte count) =>
        {
            using var ours = new PerCommitmentSecrets([.. Enumerable.Repeat(seed, 32)]);
            var revoked = new RevokedSecrets();
            for (ulong number = 0; number < count; number++)
                Assert.True(revoked.TryAdd(Secret(ours, number)));

            var restored = Restore(revoked);
            for (ulong number = 0; number < count; number++)
            {
                Assert.True(revoked.TryGet(number, out var secret));
                Assert.Equal(Secret(ours, number), secret);
                Assert.True(restored.TryGet(number, out secret));
                Assert.Equal(Secret(ours, number), secret);
            }

            Assert.False(revoked.TryGet(count, out _));
            Assert.True(restored.TryAdd(Secret(ours, count)));
        }));

    [Fact]
    public void Any_bytes_are_a_store_or_refused()
    {
        using var ours = new PerCommitmentSecrets(new byte[32]);
        var revoked = new RevokedSecrets();
        for (ulong number = 0; number < 20; number++)
            Assert.True(revoked.TryAdd(Secret(ours, number)));
        var writer = new ByteWriter();
        revoked.WriteTo(writer);
        Fuzz.Run(
            [writer.ToArray()],
            static input =>
            {
                var reader = new SpanReader(input);
                if (!RevokedSecrets.TryRead(ref reader, out var read))
                    return;
                var written = new ByteWriter();
                read.WriteTo(written);
                Assert.True(input[..reader.Position].SequenceEqual(written.WrittenSpan));
                _ = read.TryGet(read.Revoked / 2, out _);
                _ = read.TryAdd(default);
            },
            limits: new FuzzLimits(Bytes: 16384));
    }

    private static RevokedSecrets Restore(RevokedSecrets secrets)
    {
        var writer = new ByteWriter();
        secrets.WriteTo(writer);
        var reader = new SpanReader(writer.WrittenSpan);
        Assert.True(RevokedSecrets.TryRead(ref reader, out var restored) && reader.IsAtEnd);
        return restored;
    }

    private static Bytes32 Secret(PerCommitmentSecrets secrets, ulong number)
    {
        Span<byte> secret = stackalloc byte[32];
        secrets.WriteSecret(number, secret);
        return new Bytes32(secret);
    }

    private static Bytes32 Value(string hex) => new(TestKeys.Bytes(hex));
}
