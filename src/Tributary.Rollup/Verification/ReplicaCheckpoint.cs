using System.Security.Cryptography;
using System.Text;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Withdrawals;

namespace Tributary.Rollup.Verification;

/// <summary>
/// A checkpoint as bytes: a purpose, what a replica goes on from, the SHA-256 of all before. Reading one believes nothing that can be recomputed: the
/// state's root is hashed out of its leaves and held against the last batch, the forced queue is chained again, and the blocks are Bitcoin's to confirm.
/// </summary>
internal static class ReplicaCheckpoint
{
    private const int LeastPost = sizeof(int) + 1;
    private const int LeastDeposit = 48;
    private const int LeastWithdrawal = 40;
    private const int LeastRefused = sizeof(int) + Bytes32.Length + 2;
    private const int LeastSpend = sizeof(int) + Bytes32.Length + (2 * sizeof(long)) + 2;
    private const int CoinLength = Bytes32.Length + sizeof(uint) + (2 * sizeof(long)) + sizeof(int);

    private static ReadOnlySpan<byte> Purpose => "tributary.rollup.replica/1\0"u8;

    /// <summary>The bytes.</summary>
    /// <param name="from">The height from which the chain was read.</param>
    /// <param name="settled">What to go on from.</param>
    internal static byte[] Write(int from, ReplicaBase settled)
    {
        var writer = new ByteWriter(settled.State.Length + 4096);
        writer.WriteBytes(Purpose);
        writer.WriteInt32LittleEndian(from);
        writer.WriteInt32LittleEndian(settled.Height);
        writer.WriteCompactSize((ulong)settled.Blocks.Count);
        foreach (var block in settled.Blocks)
            writer.WriteBytes32(block.Value);
        writer.WriteByte(settled.Beginning is null ? (byte)0 : (byte)1);
        if (settled.Beginning is not null)
            WriteRollup(writer, settled, settled.Beginning);
        writer.WriteBytes(SHA256.HashData(writer.WrittenSpan));
        return writer.ToArray();
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <returns>What it holds with the state, or what is wrong with it.</returns>
    internal static Result<ResumedReplica, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Purpose))
            return Damaged("is no checkpoint of this version");
        if (bytes.Length < Purpose.Length + Bytes32.Length || !SHA256.HashData(bytes[..^Bytes32.Length]).AsSpan().SequenceEqual(bytes[^Bytes32.Length..]))
            return Damaged("is damaged: its bytes are not those of its digest");
        var reader = new SpanReader(bytes[Purpose.Length..^Bytes32.Length]);
        if (!reader.TryReadInt32LittleEndian(out var from)
            || !reader.TryReadInt32LittleEndian(out var height)
            || !reader.TryReadCount(Bytes32.Length, out var count)
            || count == 0
            || height < from
            || !TryReadBlocks(ref reader, count, out var blocks)
            || !reader.TryReadByte(out var began)
            || began > 1)
            return Damaged("is cut short");
        var settled = new ReplicaBase { Height = height, Blocks = blocks };
        if (began == 0)
            return reader.IsAtEnd ? new ResumedReplica(from, settled, null) : Damaged("holds more than it says");
        if (ReadRollup(ref reader, settled) is not { } whole || !reader.IsAtEnd)
            return Damaged("holds what is no rollup");
        if (!RollupLedger.Load(whole.State.Span).TryGet(out var ledger, out var stateless))
            return Damaged($"holds no state: {stateless}");
        return Check(whole, ledger) is { } wrong ? Damaged(wrong) : new ResumedReplica(from, whole with { State = default }, ledger);
    }

    /// <summary>What can be recomputed is.</summary>
    private static string? Check(ReplicaBase settled, RollupLedger ledger)
    {
        var beginning = settled.Beginning!;
        var root = settled.Last?.RootAfter ?? RollupLedger.Genesis(beginning.Genesis.KeyRoot, beginning.Genesis.Key).Root;
        if (ledger.Root != root)
            return $"holds a state of root {ledger.Root}, where {root} is due";
        var first = settled.Height - settled.Blocks.Count + 1;
        if (settled.Last is { } last)
        {
            if (last.Rollup != beginning.Rollup || last.Height < first || last.Height > settled.Height || settled.Blocks[(int)last.Height - first] != last.Block)
                return "holds a last batch that is not of its blocks";
        }
        else if (beginning.Height < first || settled.Segments != 0)
        {
            return "holds a beginning that is not of its blocks";
        }

        var (number, queue, deposits) = (settled.Last?.ForcedCursor ?? 0, settled.Last?.ForcedDigest ?? ForcedPost.EmptyQueue, settled.Last?.DepositCursor ?? 0);
        foreach (var post in settled.WaitingPosts)
        {
            queue = ForcedPost.Append(queue, post.Height, post.Operation.Span);
            if (post.Number != number++ || post.Digest != queue || post.Height > settled.Height)
                return "holds forced posts that are not of one queue";
        }

        return settled.WaitingDeposits.Any(deposit => deposit.Number != ++deposits || deposit.Height > settled.Height) ? "holds deposits out of order" : null;
    }

    private static Refusal Damaged(string why) => new("checkpoint", why);

    private static void WriteRollup(ByteWriter writer, ReplicaBase settled, AnchorSeen.Began beginning)
    {
        writer.WriteInt32LittleEndian(beginning.Height);
        writer.WriteBytes(beginning.Genesis.ToBytes());
        writer.WriteBytes32(beginning.Rollup);
        Write(writer, beginning.Anchor);
        writer.WriteByte(settled.Anchor is null ? (byte)0 : (byte)1);
        Write(writer, settled.Anchor ?? default);
        writer.WriteByte(settled.Last is null ? (byte)0 : (byte)1);
        settled.Last?.WriteTo(writer);
        writer.WriteUInt64LittleEndian(settled.Segments);
        writer.WriteCompactSize((ulong)settled.WaitingPosts.Count);
        foreach (var post in settled.WaitingPosts)
        {
            writer.WriteInt32LittleEndian(post.Height);
            writer.WriteCompactSizeBytes(post.Operation.Span);
        }

        writer.WriteCompactSize((ulong)settled.WaitingDeposits.Count);
        foreach (var deposit in settled.WaitingDeposits)
        {
            writer.WriteInt32LittleEndian(deposit.Height);
            Write(writer, deposit.Output);
            writer.WriteUInt32LittleEndian(deposit.To.Value);
            writer.WriteInt64LittleEndian(deposit.Amount.Value);
        }

        writer.WriteInt64LittleEndian(settled.PassedOver.Value);
        writer.WriteInt32LittleEndian(settled.PaidBefore);
        WriteOwed(writer, settled);
        Write(writer, settled.Vault!);
        writer.WriteInt32LittleEndian(settled.State.Length);
        writer.WriteBytes(settled.State.Span);
    }

    private static void WriteOwed(ByteWriter writer, ReplicaBase settled)
    {
        writer.WriteCompactSize((ulong)settled.Withdrawals.Count);
        foreach (var (what, batch, anchoredAt) in settled.Withdrawals)
        {
            writer.WriteUInt64LittleEndian(what.Number);
            writer.WriteUInt32LittleEndian(what.Asset.Value);
            writer.WriteUInt32LittleEndian(what.From.Value);
            writer.WriteUInt64LittleEndian((ulong)what.Amount.Units);
            writer.WriteUInt64LittleEndian((ulong)(what.Amount.Units >> 64));
            writer.WriteCompactSizeBytes(what.Script.Span);
            writer.WriteUInt64LittleEndian(batch);
            writer.WriteInt32LittleEndian(anchoredAt);
        }

        writer.WriteCompactSize((ulong)settled.Refused.Count);
        foreach (var refused in settled.Refused)
        {
            writer.WriteInt32LittleEndian(refused.Height);
            writer.WriteBytes32(refused.Transaction.Value);
            writer.WriteCompactSizeBytes(Encoding.UTF8.GetBytes(refused.Why.Field));
            writer.WriteCompactSizeBytes(Encoding.UTF8.GetBytes(refused.Why.Reason));
        }
    }

    private static void Write(ByteWriter writer, OutPoint output)
    {
        writer.WriteBytes32(output.TxId.Value);
        writer.WriteUInt32LittleEndian(output.Index);
    }

    private static void Write(ByteWriter writer, VaultBase vault)
    {
        writer.WriteInt64LittleEndian(vault.Order);
        writer.WriteCompactSize((ulong)vault.Coins.Count);
        foreach (var coin in vault.Coins)
        {
            Write(writer, coin.Output);
            writer.WriteInt64LittleEndian(coin.Value.Value);
            writer.WriteInt32LittleEndian(coin.Height);
            writer.WriteInt64LittleEndian(coin.Order);
        }

        writer.WriteCompactSize((ulong)vault.Spends.Count);
        foreach (var spend in vault.Spends)
        {
            writer.WriteInt32LittleEndian(spend.Height);
            writer.WriteBytes32(spend.Transaction.Value);
            writer.WriteInt64LittleEndian(spend.Taken.Value);
            writer.WriteInt64LittleEndian(spend.Returned.Value);
            writer.WriteUInt64LittleEndian(spend.Payout!.Value.First);
            writer.WriteCompactSize((ulong)spend.Outputs.Count);
            foreach (var output in spend.Outputs)
                output.WriteTo(writer);
        }
    }

    private static bool TryReadBlocks(ref SpanReader reader, int count, out BlockHash[] blocks)
    {
        blocks = new BlockHash[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes32(out var block))
                return false;
            blocks[i] = new BlockHash(block);
        }

        return true;
    }

    private static ReplicaBase? ReadRollup(ref SpanReader reader, ReplicaBase settled)
    {
        if (!reader.TryReadInt32LittleEndian(out var height)
            || !reader.TryReadBytes(RollupGenesis.Length, out var genesisBytes)
            || !RollupGenesis.Read(genesisBytes).TryGet(out var genesis)
            || !reader.TryReadBytes32(out var id)
            || !TryRead(ref reader, out var begun)
            || !reader.TryReadByte(out var goesOn)
            || !TryRead(ref reader, out var anchor)
            || !reader.TryReadByte(out var hasLast))
            return null;
        BatchHeader? last = null;
        if (hasLast == 1 && (!reader.TryReadBytes(BatchHeader.Length, out var header) || !BatchHeader.Read(header).TryGet(out last, out _)))
            return null;
        if (!reader.TryReadUInt64LittleEndian(out var segments)
            || ReadPosts(ref reader, last) is not { } posts
            || ReadDeposits(ref reader, last?.DepositCursor ?? 0) is not { } deposits
            || !reader.TryReadInt64LittleEndian(out var passedOver)
            || !reader.TryReadInt32LittleEndian(out var paid)
            || ReadWithdrawals(ref reader) is not { } withdrawals
            || ReadRefused(ref reader) is not { } refused
            || ReadVault(ref reader) is not { } vault
            || !reader.TryReadInt32LittleEndian(out var length)
            || length < 0
            || !reader.TryReadBytes(length, out var state))
            return null;
        return settled with
        {
            Beginning = new AnchorSeen.Began(height, genesis, id, begun),
            Anchor = goesOn == 1 ? anchor : null,
            Last = last,
            Segments = segments,
            WaitingPosts = posts,
            WaitingDeposits = deposits,
            PassedOver = new Satoshis(passedOver),
            PaidBefore = paid,
            Withdrawals = withdrawals,
            Refused = refused,
            Vault = vault,
            State = state.ToArray(),
        };
    }

    private static bool TryRead(ref SpanReader reader, out OutPoint output)
    {
        output = default;
        if (!reader.TryReadBytes32(out var transaction) || !reader.TryReadUInt32LittleEndian(out var index))
            return false;
        output = new OutPoint(new TxId(transaction), index);
        return true;
    }

    private static ForcedPost[]? ReadPosts(ref SpanReader reader, BatchHeader? last)
    {
        if (!reader.TryReadCount(LeastPost, out var count))
            return null;
        var posts = new ForcedPost[count];
        var (number, queue) = (last?.ForcedCursor ?? 0, last?.ForcedDigest ?? ForcedPost.EmptyQueue);
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32LittleEndian(out var height) || !reader.TryReadCompactSizeBytes(out var operation))
                return null;
            queue = ForcedPost.Append(queue, height, operation);
            posts[i] = new ForcedPost(number++, height, operation.ToArray(), queue);
        }

        return posts;
    }

    private static SeenDeposit[]? ReadDeposits(ref SpanReader reader, ulong number)
    {
        if (!reader.TryReadCount(LeastDeposit, out var count))
            return null;
        var deposits = new SeenDeposit[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32LittleEndian(out var height)
                || !TryRead(ref reader, out var output)
                || !reader.TryReadUInt32LittleEndian(out var to)
                || !reader.TryReadInt64LittleEndian(out var amount))
                return null;
            deposits[i] = new SeenDeposit(++number, height, output, new AccountId(to), new Satoshis(amount));
        }

        return deposits;
    }

    private static SettledWithdrawal[]? ReadWithdrawals(ref SpanReader reader)
    {
        if (!reader.TryReadCount(LeastWithdrawal, out var count))
            return null;
        var withdrawals = new SettledWithdrawal[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadUInt64LittleEndian(out var number)
                || !reader.TryReadUInt32LittleEndian(out var asset)
                || !reader.TryReadUInt32LittleEndian(out var from)
                || !reader.TryReadUInt64LittleEndian(out var low)
                || !reader.TryReadUInt64LittleEndian(out var high)
                || !reader.TryReadCompactSizeBytes(out var script)
                || !reader.TryReadUInt64LittleEndian(out var batch)
                || !reader.TryReadInt32LittleEndian(out var anchoredAt))
                return null;
            withdrawals[i] = new SettledWithdrawal(
                new Withdrawn(number, new AssetId(asset), new AccountId(from), new Amount(new UInt128(high, low)), script.ToArray()), batch, anchoredAt);
        }

        return withdrawals;
    }

    private static RefusedBatch[]? ReadRefused(ref SpanReader reader)
    {
        if (!reader.TryReadCount(LeastRefused, out var count))
            return null;
        var refused = new RefusedBatch[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32LittleEndian(out var height)
                || !reader.TryReadBytes32(out var transaction)
                || !reader.TryReadCompactSizeBytes(out var field)
                || !reader.TryReadCompactSizeBytes(out var reason))
                return null;
            refused[i] = new RefusedBatch(height, new TxId(transaction), new Refusal(Encoding.UTF8.GetString(field), Encoding.UTF8.GetString(reason)));
        }

        return refused;
    }

    private static VaultBase? ReadVault(ref SpanReader reader)
    {
        if (!reader.TryReadInt64LittleEndian(out var order) || !reader.TryReadCount(CoinLength, out var coinCount))
            return null;
        var coins = new VaultCoin[coinCount];
        var known = new HashSet<OutPoint>();
        for (var i = 0; i < coinCount; i++)
        {
            if (!TryRead(ref reader, out var output)
                || !reader.TryReadInt64LittleEndian(out var value)
                || !reader.TryReadInt32LittleEndian(out var height)
                || !reader.TryReadInt64LittleEndian(out var place)
                || !known.Add(output))
                return null;
            coins[i] = new VaultCoin(output, new Satoshis(value), height, place);
        }

        if (!reader.TryReadCount(LeastSpend, out var spendCount))
            return null;
        var spends = new VaultSpend[spendCount];
        for (var i = 0; i < spendCount; i++)
        {
            if (ReadSpend(ref reader) is not { } spend)
                return null;
            spends[i] = spend;
        }

        return new VaultBase(coins, order, spends);
    }

    private static VaultSpend? ReadSpend(ref SpanReader reader)
    {
        if (!reader.TryReadInt32LittleEndian(out var height)
            || !reader.TryReadBytes32(out var transaction)
            || !reader.TryReadInt64LittleEndian(out var taken)
            || !reader.TryReadInt64LittleEndian(out var returned)
            || !reader.TryReadUInt64LittleEndian(out var first)
            || !reader.TryReadCount(sizeof(long) + 1, out var count)
            || count > ushort.MaxValue)
            return null;
        var outputs = new TxOut[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadInt64LittleEndian(out var value) || !reader.TryReadCompactSizeBytes(out var script))
                return null;
            outputs[i] = new TxOut(new Satoshis(value), new Script(script.ToArray()));
        }

        return new VaultSpend(height, new TxId(transaction), new Satoshis(taken), new Satoshis(returned), new PayoutMarker(first, (ushort)count), outputs);
    }
}
