using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

/// <summary>The chain behind a source, as a test moves it.</summary>
public abstract class ChainDriver(CoinStore coins) : IAsyncDisposable
{
    private const int CoinbaseMaturity = 100;

    /// <summary>The source under test. Another one after <see cref="ComeBackAsync"/> where the chain lives inside of the source.</summary>
    public abstract IChainSource Source { get; }

    /// <summary>Mines on the tip, with the mempool's transactions, to <see cref="Spendable.Script"/>.</summary>
    public async Task<ChainTip> MineAsync(int count, CancellationToken cancellationToken)
    {
        foreach (var block in await MineBlocksAsync(count, cancellationToken))
        {
            var height = CoinbaseHeight(block);
            coins.Coinbases.Enqueue((height, Spendable.Of(block.Transactions[0])));
        }

        return await TipAsync(cancellationToken);
    }

    /// <summary>A coinbase output that can be spent and that nobody was given before. Mines where there is none.</summary>
    public async Task<Spendable> CoinAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var tip = await TipAsync(cancellationToken);
            if (!coins.Coinbases.TryPeek(out var oldest))
            {
                await MineAsync(CoinbaseMaturity + 10, cancellationToken);
                continue;
            }

            if (tip.Height + 1 - oldest.Height < CoinbaseMaturity)
            {
                await MineAsync(CoinbaseMaturity - (tip.Height + 1 - oldest.Height), cancellationToken);
                continue;
            }

            coins.Coinbases.Dequeue();
            if ((await Source.GetUnspentAsync(oldest.Coin.OutPoint, cancellationToken)).IsOk)
                return oldest.Coin;
        }
    }

    public async Task<ChainTip> TipAsync(CancellationToken cancellationToken) => (await Source.GetTipAsync(cancellationToken)).Value;

    /// <summary>A node's reason in Bitcoin Core's words, where the node is another that has finer ones.</summary>
    public virtual string? CoreReason(string? reason) => reason;

    /// <summary>Replaces the last blocks by one more, which hold nothing but their coinbases.</summary>
    public abstract Task<ChainTip> ReorganiseAsync(int depth, CancellationToken cancellationToken);

    /// <summary>Declares a block invalid.</summary>
    public abstract Task InvalidateAsync(BlockHash hash, CancellationToken cancellationToken);

    /// <summary>Takes <see cref="InvalidateAsync"/> back.</summary>
    public abstract Task ReconsiderAsync(BlockHash hash, CancellationToken cancellationToken);

    /// <summary>The chain is gone, without a farewell; what it had acknowledged is on disk.</summary>
    public abstract Task GoAwayAsync(CancellationToken cancellationToken);

    public abstract Task ComeBackAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<IReadOnlyList<Block>> MineBlocksAsync(int count, CancellationToken cancellationToken);

    private static int CoinbaseHeight(Block block)
    {
        // BIP 34: the height is the first push.
        var script = block.Transactions[0].Input(0).ScriptSig.Span;
        if (script[0] is >= (byte)Opcode.Op1 and <= (byte)Opcode.Op16)
            return script[0] - (byte)Opcode.Op1 + 1;
        var height = 0;
        for (var i = script[0]; i > 0; i--)
            height = (height << 8) | script[i];
        return height;
    }
}
