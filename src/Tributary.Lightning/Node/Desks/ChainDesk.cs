using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Desks;

/// <summary>The chain for channels and monitors: blocks in, transactions out. <see cref="Connect"/> and <see cref="Disconnect"/> run in the loop.</summary>
internal sealed class ChainDesk(NodeCore core, ChannelDesk channels, GossipDesk gossip)
{
    private ChainTip? _coinsCheckedAt;

    /// <summary>A block joined the chain.</summary>
    internal void Connect(Turn turn, int height, Block block)
    {
        core.Record(turn, new NodeRecord.TipMoved(new ChainTip(height, block.Hash)));
        FindFundings(turn, height, block);
        OfferUnmined(turn);
        var relevant = FindSpends(block);
        foreach (var entry in channels.All.ToArray())
        {
            if (entry.Funding is { } funding && relevant.FirstOrDefault(transaction => transaction.Inputs.Any(input => input.PreviousOutput == funding)) is { } spender)
                channels.Run(turn, entry, entry.Channel.FundingSpent(spender.TxId));

            // A funding that was in a block once is never forgotten, wherever it is now.
            if (!core.State.Fundings.ContainsKey(entry.KeyId) && !core.State.Unmined.ContainsKey(entry.KeyId))
                channels.Run(turn, entry, entry.Channel.HeightReached(core.ChannelContext));
            Deepen(turn, entry, height);

            // Once a channel is on chain its monitor looks for spends of many outputs, at every block.
            if (entry.Monitor is { } monitor)
                channels.Run(turn, entry, monitor.Handle(new MonitorInput.BlockConnected(height, monitor.CloseKind is null ? relevant : block.Transactions), core.ChainNow));
            OfferClosing(turn, entry);
            OfferFunding(turn, entry);
            turn.RunFollowers();
            turn.Afterwards(() => LookForClose(entry));
        }

        channels.Payments.Tick(turn);
        gossip.BlockConnected(height, block);
    }

    // A mempool may have refused it, or forgotten it: until something closes the channel on chain it is offered with each block.
    private void OfferClosing(Turn turn, ChannelEntry entry)
    {
        if (entry is { Channel.State: { Stage: ChannelStage.Closed, ClosingTransaction: { } closing }, Monitor.CloseKind: null })
            turn.Afterwards(() => core.Work(token => BroadcastAsync(closing, token)));
    }

    // The chain source may have been away when it was signed. Once the wallet has it on record, the wallet offers it.
    // The first offer is awaited: one beside it would find that record, and tell who opens the channel that the network has what is on its way there.
    private void OfferFunding(Turn turn, ChannelEntry entry)
    {
        if (entry.UnminedFunding is { } funding && entry.Opening is null or { Task.IsCompleted: true } && !core.State.Fundings.ContainsKey(entry.KeyId))
            turn.Afterwards(() => core.Work(token => channels.BroadcastFundingAsync(entry, funding, token)));
    }

    /// <summary>The tip was taken back.</summary>
    internal void Disconnect(Turn turn, int height, Block block)
    {
        core.Record(turn, new NodeRecord.TipMoved(new ChainTip(height - 1, block.Header.PreviousBlock)));
        gossip.BlockDisconnected(block);
        foreach (var entry in channels.All.ToArray())
        {
            if (core.State.Fundings.TryGetValue(entry.KeyId, out var mined) && mined.Height >= height)
            {
                core.Record(turn, new NodeRecord.FundingUnmined(entry.KeyId));
                channels.Run(turn, entry, entry.Channel.FundingReorganised());
            }

            if (entry.Monitor is { } monitor)
                channels.Run(turn, entry, monitor.Handle(new MonitorInput.BlockDisconnected(height), core.ChainNow));
            turn.RunFollowers();
        }
    }

    /// <summary>Tells a channel how deep its funding is.</summary>
    internal void Deepen(Turn turn, ChannelEntry entry, int height)
    {
        if (entry.Channel.State is { Position: not null, IsLocalReady: true } || !core.State.Fundings.TryGetValue(entry.KeyId, out var mined))
            return;
        var position = new ShortChannelId((uint)mined.Height, (uint)mined.TransactionIndex, mined.OutputIndex);
        channels.Run(turn, entry, entry.Channel.FundingSeen(mined.Transaction, mined.OutputIndex, position, (uint)(height - mined.Height + 1)));
    }

    /// <summary>The number of channels changed: the wallet keeps more or less back.</summary>
    internal void ReserveChanged() => core.Wallet.Wallet.Reserve = AnchorReserve.Required(channels.AnchorChannelCount, core.Fees.Current.Normal);

    /// <summary>With each block, and when coins came: a close that waits in the mempool is shown to the monitor that wants one.</summary>
    internal void LookForClose(ChannelEntry entry)
    {
        if (entry is { Monitor.WantsClose: true, Funding: { } funding })
            core.Work(token => LookForCloseAsync(entry, funding, token));
    }

    /// <summary>
    /// Now and then: looks whether the coins that claims count on can still be spent, since a reorganisation may have taken away what made them.
    /// A claim without its coins is void, and the monitor asks for others.
    /// </summary>
    internal void CheckCoins()
    {
        // Wallet and node follow the chain apart: only at the same tip do both mean the same.
        var wallet = core.Wallet.Wallet.Status;
        if (wallet is not { IsSynced: true, Tip: { } tip } || tip != core.State.Tip || tip == _coinsCheckedAt)
            return;
        _coinsCheckedAt = tip;
        foreach (var entry in channels.All)
        {
            foreach (var (purpose, coins) in entry.Monitor?.Coins ?? [])
            {
                if (!coins.All(coin => core.Wallet.IsSound(purpose, coin)))
                    core.Work(token => WithdrawCoinsAsync(entry, purpose, token));
            }
        }
    }

    /// <summary>Broadcasts a transaction that is signed.</summary>
    internal async Task BroadcastAsync(Transaction transaction, CancellationToken cancellationToken) =>
        _ = await core.Chain.BroadcastAsync(transaction, cancellationToken);

    /// <summary>Signs what of a package spends the wallet's coins, and broadcasts it. The monitor repeats it with each block until it confirms.</summary>
    internal async Task BroadcastAsync(IReadOnlyList<ClaimTransaction> package, CancellationToken cancellationToken)
    {
        var signed = new List<Transaction>();
        foreach (var claim in package)
        {
            if (!core.Wallet.Sign(claim).TryGet(out var transaction, out var refusal))
            {
                core.Loop.Post(turn => core.Raise(
                    turn, NodeEventKind.Alarm, claim.Transaction.TxId.Value, MilliSatoshis.Zero, null, $"A claim can't be signed: {refusal}. Unlock the wallet at once: others may take the money after a deadline."));
                return;
            }

            signed.Add(transaction);
        }

        if (signed.Count == 1)
        {
            _ = await core.Chain.BroadcastAsync(signed[0], cancellationToken);
            return;
        }

        // A parent that is in the mempool or in a block already is no reason to keep its child back.
        if ((await core.Chain.BroadcastPackageAsync(signed, cancellationToken)).TryGet(out var verdict) && verdict.IsAccepted)
            return;
        foreach (var transaction in signed)
            _ = await core.Chain.BroadcastAsync(transaction, cancellationToken);
    }

    private async Task LookForCloseAsync(ChannelEntry entry, OutPoint funding, CancellationToken cancellationToken)
    {
        // Blocks are looked through as they come: only the mempool is asked about.
        var spent = await core.Chain.GetOutspendAsync(funding, core.Height, cancellationToken);
        if (!spent.TryGet(out var outspend) || outspend is not { Height: null, Spender: { } close })
            return;
        core.Loop.Post(turn =>
        {
            if (channels.Find(entry.KeyId) is not null && entry.Monitor is { WantsClose: true } monitor)
                channels.Run(turn, entry, monitor.Handle(new MonitorInput.CloseSeen(close), core.ChainNow));
        });
    }

    private async Task WithdrawCoinsAsync(ChannelEntry entry, OutPoint purpose, CancellationToken cancellationToken)
    {
        await core.Wallet.ReleaseFeesAsync(purpose, cancellationToken);
        core.Loop.Post(turn =>
        {
            if (channels.Find(entry.KeyId) is not null && entry.Monitor is { } monitor)
                channels.Run(turn, entry, monitor.Handle(new MonitorInput.CoinsWithdrawn(purpose), core.ChainNow));
        });
    }

    // A funding that was in the chain is worth as much to us as to who made it, and a mempool may have dropped it.
    private void OfferUnmined(Turn turn)
    {
        foreach (var gone in core.State.Unmined.Values)
        {
            if (channels.Find(gone.KeyId) is not null)
                turn.Afterwards(() => core.Work(token => BroadcastAsync(gone.Transaction, token)));
        }
    }

    private void FindFundings(Turn turn, int height, Block block)
    {
        Dictionary<TxId, ChannelEntry>? awaited = null;
        foreach (var entry in channels.All)
        {
            if (entry.Funding is { } funding && !core.State.Fundings.ContainsKey(entry.KeyId))
                (awaited ??= [])[funding.TxId] = entry;
        }

        if (awaited is null)
            return;
        for (var i = 0; i < block.Transactions.Length; i++)
        {
            if (!awaited.TryGetValue(block.Transactions[i].TxId, out var entry))
                continue;
            core.Record(turn, new NodeRecord.FundingMined(entry.KeyId, height, i, (ushort)entry.Funding!.Value.Index, block.Transactions[i]));
            if (entry is { Channel.State: { Stage: ChannelStage.Failed, Broadcasts: true } state, Monitor: { } monitor })
                channels.Run(turn, entry, monitor.Handle(new MonitorInput.BroadcastCommitment(state.Ending ?? "the channel failed"), core.ChainNow));
        }
    }

    // Transactions that spend what is watched, and those that spend from them in the same block.
    private List<Transaction> FindSpends(Block block)
    {
        var watched = new HashSet<OutPoint>();
        foreach (var entry in channels.All)
        {
            if (entry.Funding is { } funding)
                watched.Add(funding);
        }

        var found = new List<Transaction>();
        var ids = new HashSet<TxId>();
        foreach (var transaction in block.Transactions.Skip(1))
        {
            for (var i = 0; i < transaction.InputCount; i++)
            {
                var previous = transaction.PreviousOutput(i);
                if (!watched.Contains(previous) && !ids.Contains(previous.TxId))
                    continue;
                found.Add(transaction);
                ids.Add(transaction.TxId);
                break;
            }
        }

        return found;
    }
}
