using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Blocks;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain;

/// <summary>
/// Turns a source that answers questions into a stream that never skips. The only state is the position: a block is connected only
/// when its header names the position as its parent, and disconnected only when the active chain has another block at its height, so
/// neither a missed notification nor a reorganisation in the middle of an answer can break the chain of events.
/// </summary>
/// <param name="chain">The source.</param>
/// <param name="outageMax">How long the source may fail in a row before the stream gives up.</param>
/// <param name="retries">The waits between attempts; the count of attempts is not used.</param>
/// <param name="time">The clock.</param>
internal sealed class ChainFollower(IFollowedChain chain, TimeSpan outageMax, RetryBounds retries, TimeProvider time)
{
    /// <summary>Heights asked for at once while catching up.</summary>
    private const int HashesPerQuery = 200;

    internal async IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = from ?? new ChainTip(0, chain.GenesisHash);
        var outage = new Outage(outageMax, retries, time);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changed = chain.NextChange;
            if (!(await chain.GetActiveHashesAsync(position.Height, HashesPerQuery + 1, cancellationToken)).TryGet(out var hashes, out var error))
            {
                await outage.WaitOrGiveUpAsync(error, cancellationToken);
                continue;
            }

            if (hashes.Length == 0 || hashes[0] != position.Hash)
            {
                // Asked again once the block is here: a node that lost blocks in a crash may have got this one back between the answers.
                if (!(await GetStaleBlockAsync(position, cancellationToken)).TryGet(out var stale, out error)
                    || !(await chain.GetActiveHashesAsync(position.Height, 1, cancellationToken)).TryGet(out hashes, out error))
                {
                    await outage.WaitOrGiveUpAsync(error, cancellationToken);
                    continue;
                }

                outage.Over();
                if (hashes.Length == 1 && hashes[0] == position.Hash)
                    continue;
                yield return new ChainEvent.Disconnected(position.Height, stale);
                position = new ChainTip(position.Height - 1, stale.Header.PreviousBlock);
                continue;
            }

            if (hashes.Length == 1)
            {
                outage.Over();
                await changed.WaitAsync(cancellationToken);
                continue;
            }

            // The next block is on its way while the consumer works on this one; an abandoned request ends with its own bounds.
            var next = chain.GetBlockAsync(hashes[1], cancellationToken).AsTask();
            for (var i = 1; i < hashes.Length; i++)
            {
                var fetched = await next;
                if (i + 1 < hashes.Length)
                    next = chain.GetBlockAsync(hashes[i + 1], cancellationToken).AsTask();
                if (!fetched.TryGet(out var block, out error))
                {
                    await outage.WaitOrGiveUpAsync(error, cancellationToken);
                    break;
                }

                outage.Over();
                // The chain moved between the two answers: look again from the position.
                if (block.Header.PreviousBlock != position.Hash)
                    break;

                position = new ChainTip(position.Height + 1, block.Hash);
                yield return new ChainEvent.Connected(position.Height, block);
            }
        }
    }

    private async ValueTask<Result<Block, ChainError>> GetStaleBlockAsync(ChainTip position, CancellationToken cancellationToken)
    {
        if (position.Height == 0)
            return new ChainError(ChainErrorKind.WrongNetwork, $"The position {position.Hash} is not the genesis block of the source's chain.");

        var answer = await chain.GetBlockAsync(position.Hash, cancellationToken);
        if (answer.TryGet(out var block, out var error))
            return block;

        // After a crash a node may have forgotten its newest blocks and is about to get them again.
        return error.Kind == ChainErrorKind.NotFound
            ? error with { Reason = $"The source does not know block {position.Hash} at height {position.Height}: it lost blocks and is catching up, or follows another chain. Follow from an earlier position if this lasts." }
            : error;
    }
}
