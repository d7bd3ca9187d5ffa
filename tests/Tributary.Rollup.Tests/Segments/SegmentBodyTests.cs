using FsCheck;
using FsCheck.Fluent;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Tests.Segments;

public sealed class SegmentBodyTests
{
    private static OperationRequest Draw(TestRandom random)
    {
        var terms = new Authorisation(
            new AccountId((uint)random.Next(1 << 20)),
            random.Next(5) == 0 ? (uint)random.NextUInt64() >> random.Next(32) : 0,
            (ulong)random.Next(3),
            900_000 + (144 * (uint)random.Next(3)));
        var asset = new AssetId((uint)(random.Next(8) == 0 ? 7 : 0));
        return random.Next(10) switch
        {
            0 => new OperationRequest(new Deposit(random.NextUInt64(), asset, terms.Account, random.NextUInt64()), null),
            1 => new OperationRequest(new RefundHtlc(new HtlcId(random.NextUInt64())), null),
            2 => new OperationRequest(new Transfer(asset, new AccountId(5), new Amount((UInt128)random.NextUInt64() << 30)), terms),
            3 => new OperationRequest(new TransferMany(asset, [new Payment(new AccountId(1), 5), new Payment(new AccountId(9), 6)]), terms),
            _ => new OperationRequest(new Transfer(asset, new AccountId((uint)random.Next(1 << 20)), (random.NextUInt64() >> random.Next(63)) + 1), terms),
        };
    }

    private static SegmentBody Body(TestRandom random, int count) => new((uint)random.NextUInt64(), [.. Enumerable.Range(0, count).Select(_ => Draw(random))]);

    [Fact]
    public void What_is_written_is_read()
    {
        var random = new TestRandom(50);
        for (var count = 0; count < 120; count++)
        {
            var body = Body(random, count);
            var read = SegmentBody.Read(body.Write()).Value;
            Assert.Equal(body.Height, read.Height);
            Assert.Equal(body.Operations, read.Operations);
        }
    }

    [Fact]
    public void The_stated_workload_takes_at_most_eight_bytes_a_transfer_and_two_vbytes_and_a_tenth()
    {
        // 2²⁰ accounts, one asset, log-normal amounts in satoshis (median 20,000, deviation 1.5), random payees.
        var random = new TestRandom(51);
        const int transfers = 1200;
        var operations = new OperationRequest[transfers];
        foreach (ref var operation in operations.AsSpan())
        {
            var (u, v) = ((random.Next(1 << 30) + 1) / (double)(1 << 30), random.Next(1 << 30) / (double)(1 << 30));
            var normal = Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
            var amount = (ulong)Math.Max(1, Math.Round(20_000 * Math.Exp(1.5 * normal)));
            operation = new OperationRequest(
                new Transfer(AssetId.Bitcoin, new AccountId((uint)random.Next(1 << 20)), amount),
                new Authorisation(new AccountId((uint)random.Next(1 << 20)), 0, 10, 900_144));
        }

        var bytes = new SegmentBody(900_000, operations).Write();
        Assert.InRange(bytes.Length / (double)transfers, 5, 8);

        // Pushes of 255 bytes with three of overhead; a byte of the witness is a quarter of a vbyte.
        var witness = bytes.Length + (3 * ((bytes.Length + 254) / 255));
        Assert.InRange(witness / 4.0 / transfers, 1, 2.1);
    }

    [Fact]
    public void A_body_has_one_form()
    {
        var random = new TestRandom(52);
        var bytes = Body(random, 40).Write();
        Assert.False(SegmentBody.Read([.. bytes, 0]).IsOk);
        Assert.False(SegmentBody.Read(bytes.AsSpan(..^1)).IsOk);
        Assert.Equal("body.version", SegmentBody.Read([]).Error.Field);
        Assert.Equal("body.version", SegmentBody.Read([2, .. bytes.AsSpan(1)]).Error.Field);
        Assert.Equal("body.posts", SegmentBody.Read([1, 0, 0, 0, 0, 0xfd, 0, 0x20, 0, 1, 0]).Error.Field);
        Assert.Equal("body.count", SegmentBody.Read([1, 0, 0, 0, 0, 0, 0xfd, 0xff, 0xff, 1, 0]).Error.Field);
        Assert.Equal("body.accounts", SegmentBody.Read([1, 0, 0, 0, 0, 0, 0, 33, 0]).Error.Field);
        Assert.Equal("body.terms", SegmentBody.Read([1, 0, 0, 0, 0, 0, 0, 1, 200]).Error.Field);
        var posts = SegmentBody.Read((Body(random, 3) with { Posts = SegmentBody.MaxPosts }).Write());
        Assert.Equal(SegmentBody.MaxPosts, posts.Value.Posts);
        Assert.Equal("body.length", SegmentBody.Read(new byte[SegmentBody.MaxLength + 1]).Error.Field);

        // Bits behind the last operation say nothing, and are zero.
        var one = new SegmentBody(1, [new OperationRequest(new Transfer(AssetId.Bitcoin, new AccountId(1), 1), new Authorisation(new AccountId(1), 0, 0, 0))]);
        var padded = one.Write();
        Assert.True(SegmentBody.Read(padded).IsOk);
        padded[^1] |= 0x80;
        Assert.Equal("body", SegmentBody.Read(padded).Error.Field);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_what_is_read_has_those_bytes()
    {
        var random = new TestRandom(53);
        var iterations = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_ITERATIONS"), out var given) ? given : 3000;
        for (var i = 0; i < iterations; i++)
        {
            var bytes = Body(random, random.Next(20)).Write();
            for (var changes = 1 + random.Next(3); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            byte[] cut = bytes[..^random.Next(2)];
            var read = SegmentBody.Read(cut);
            if (read.IsOk)
                Assert.Equal(cut, read.Value.Write());
        }

        Check.QuickThrowOnFailure(Prop.ForAll((byte[] any) => !SegmentBody.Read(any).IsOk || SegmentBody.Read(any).Value.Write().AsSpan().SequenceEqual(any)));
    }

    [Fact]
    public void More_terms_than_a_body_lists_fall_back_to_whole_operations()
    {
        var operations = Enumerable.Range(0, 4200).Select(static i => new OperationRequest(
            new Transfer(AssetId.Bitcoin, new AccountId((uint)(i * 50)), 1), new Authorisation(new AccountId(1), 0, 0, (uint)i)));
        var body = new SegmentBody(1, [.. operations]);
        Assert.Equal(body.Operations, SegmentBody.Read(body.Write()).Value.Operations);
        Assert.Throws<InvalidOperationException>(() => new SegmentBody(1, [.. Enumerable.Repeat(body.Operations, 2).SelectMany(static list => list)]).Write());
    }
}
