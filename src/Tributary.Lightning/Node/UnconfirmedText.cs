using System.Globalization;
using Tributary.Lightning.Node.Desks;

namespace Tributary.Lightning.Node;

/// <summary>What people are told of a channel whose peer has not agreed with our state since the start, and when they may close it all the same. Runs in the loop.</summary>
internal static class UnconfirmedText
{
    internal const string Why = "Only the peer can say that this node's state of the channel is the latest, and not one that a snapshot has put back: an old one gives all of the channel's money to the peer.";

    /// <summary>Have the peers been dialled for so long that the operator decides?</summary>
    internal static bool MayInsist(NodeCore core) => core.Dialled is { } dialled && core.Time.GetElapsedTime(dialled.Timestamp) >= core.Options.UnconfirmedGrace;

    /// <summary>From when on, where that is not now.</summary>
    internal static string From(NodeCore core)
    {
        if (core.Dialled is not { } dialled || MayInsist(core))
            return "";
        var left = core.Options.UnconfirmedGrace - core.Time.GetElapsedTime(dialled.Timestamp);
        return string.Create(CultureInfo.InvariantCulture, $" from {core.Time.GetUtcNow() + left:yyyy-MM-dd HH:mm} UTC on");
    }

    internal static string Refusal(NodeCore core, ChannelEntry entry) =>
        $"is not taken yet: the peer has not been heard of since the start. {Why} Connect the peer, or ask again{(From(core) is { Length: > 0 } from ? from : " when the chain was looked through")}; {Stake(entry)} would be at stake";

    internal static string Risk(ChannelEntry entry) =>
        $" The peer has not agreed with this state since the start: should it be an old one, from a snapshot or a copy, {Stake(entry)} are lost to the peer.";

    private static string Stake(ChannelEntry entry)
    {
        var balance = entry.Channel.GetBalance();
        return $"{(balance.Ours + balance.OfferedInFlight).FloorToSatoshis().Value} sat";
    }
}
