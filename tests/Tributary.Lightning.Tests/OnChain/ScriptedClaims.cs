using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>One side's view of a scripted channel.</summary>
internal sealed class ScriptedClaims : IChannelClaims
{
    private readonly ScriptedChannel _channel;
    private readonly int _side;

    /// <param name="channel">The channel.</param>
    /// <param name="side">Whose view.</param>
    /// <param name="local">The number of its commitment that may go out.</param>
    /// <param name="remote">The number of the peer's that is not revoked.</param>
    /// <param name="next">The number of the peer's next, if it has been signed.</param>
    internal ScriptedClaims(ScriptedChannel channel, int side, ulong local, ulong remote, ulong? next = null)
    {
        (_channel, _side) = (channel, side);
        Local = channel.SignedFor(side, local);
        Remote = channel.State(1 - side, remote);
        NextRemote = next is { } number ? channel.State(1 - side, number) : null;
        for (ulong number2 = 0; number2 < remote; number2++)
            Assert.True(Revoked.TryAdd(channel.Pair.Secret(1 - side, number2)));
    }

    public ChannelId Id => ChannelId.Of(_channel.Pair.Funding);

    public Bytes32 KeyId => _channel.Pair.Keys[_side].Id;

    public CommitmentContract LocalContract => _channel.Pair.Contract(_side);

    public CommitmentContract RemoteContract => _channel.Pair.Contract(1 - _side);

    public ChannelBasepoints RemoteBasepoints => _channel.Pair.Keys[1 - _side].Basepoints;

    public SignedCommitment? Local { get; set; }

    public CommitmentState? Remote { get; set; }

    public CommitmentState? NextRemote { get; set; }

    public RevokedSecrets Revoked { get; } = new();

    public IReadOnlyList<Transaction> MutualCloses { get; set; } = [];

    public bool IsStale { get; init; }

    public bool IsConfirmed { get; init; } = true;

    internal HashSet<Bytes32> Known { get; } = [];

    public IReadOnlyList<CommittedHtlc> RevokedHtlcs(ulong number) => _channel.State(1 - _side, number).Htlcs;

    public bool TryGetPreimage(Bytes32 paymentHash, out Bytes32 preimage)
    {
        var htlc = _channel.States.SelectMany(static state => state.Htlcs).FirstOrDefault(htlc => htlc.Hash == paymentHash);
        preimage = htlc?.Preimage ?? default;
        return htlc is not null && Known.Contains(paymentHash);
    }
}
