using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>A channel whose states are written down: number n of either side says what <see cref="States"/> has at n.</summary>
internal sealed class ScriptedChannel(Keys.ChannelPair pair, params ScriptedState[] states)
{
    internal Keys.ChannelPair Pair { get; } = pair;

    internal IReadOnlyList<ScriptedState> States { get; } = states;

    internal ulong Last => (ulong)States.Count - 1;

    internal CommitmentState State(int broadcaster, ulong number)
    {
        var state = States[(int)number];
        var (own, other) = broadcaster == 0 ? (state.First, state.Second) : (state.Second, state.First);
        return Pair.State(broadcaster, number, own, other, [.. state.Htlcs.Select(htlc => htlc.SeenBy(broadcaster))]);
    }

    internal CommitmentTransaction Commitment(int broadcaster, ulong number) =>
        CommitmentTransaction.Build(Pair.Contract(broadcaster), State(broadcaster, number));

    internal Transaction Sign(int broadcaster, ulong number)
    {
        var commitment = Commitment(broadcaster, number);
        return commitment.Sign(Pair.Keys[broadcaster].SignCommitment(commitment), Pair.Keys[1 - broadcaster].SignCommitment(commitment));
    }

    internal SignedCommitment SignedFor(int side, ulong number)
    {
        var commitment = Commitment(side, number);
        return new SignedCommitment(
            commitment.State, Pair.Keys[1 - side].SignCommitment(commitment), Pair.Keys[1 - side].SignPeerHtlcs(commitment));
    }
}
