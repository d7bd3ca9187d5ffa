using Tributary.Lightning.Channels;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Node.Reports;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node;

/// <content>What the channels hold, for those who keep books of it.</content>
public sealed partial class LightningNode
{
    public Task<NodePosition> GetPositionAsync(CancellationToken cancellationToken) => Loop.AskAsync(_ =>
    {
        var channels = new List<ChannelPosition>();
        foreach (var entry in _channels.All)
        {
            if (PositionOf(entry) is { } position)
                channels.Add(position);
        }

        var held = _payments.Incoming.Held.ToArray();
        var sum = held.Aggregate(MilliSatoshis.Zero, static (total, invoice) => total + invoice.AmountReceived);
        return new NodePosition(_core.State.LastEvent, channels, held.Length, sum);
    }).WaitAsync(cancellationToken);

    private ChannelPosition? PositionOf(ChannelEntry entry)
    {
        var state = entry.Channel.State;
        if (state.Funding is not { } funding || state.Stage is ChannelStage.Opening or ChannelStage.Forgotten || state.IsStaticBackup)
            return null;
        var setup = state.Setup;
        var opened = setup.IsOpener ? setup.FundingAmount.ToMilliSatoshis() - setup.PushAmount : setup.PushAmount;
        var ours = state.LocalNow.Ours;
        foreach (var htlc in state.Offered)
        {
            if (htlc.IsInLocal(state.LocalNumber) && htlc.Preimage is null)
                ours += htlc.Amount;
        }

        foreach (var htlc in state.Received)
        {
            if (htlc.IsInLocal(state.LocalNumber) && htlc.Preimage is not null)
                ours += htlc.Amount;
        }

        var isOver = state.Stage >= ChannelStage.Closed || entry.Monitor is { CloseKind: not null };
        var isClaimed = entry.Monitor is { CloseKind: not null } monitor && monitor.FindPending(_core.ChainNow).Count == 0;
        return new ChannelPosition(entry.Channel.Id, funding, setup.IsOpener, setup.FundingAmount, opened, ours, setup.ShutdownScript, isOver, isClaimed);
    }
}
