using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain.Backups;

/// <summary>
/// A channel of which a static backup is all that is left: it has no commitment of its own, and waits for the peer's. On reconnecting, the
/// node says so (BOLT 2, <c>channel_reestablish</c> with numbers of a state that was never) and then <c>error</c>, upon which the peer closes.
/// </summary>
public sealed class RestoredChannel(ChannelBackup backup, ChannelKeys keys) : IChannelClaims
{
    public ChannelId Id => ChannelId.Of(backup.Funding);

    public Bytes32 KeyId => backup.KeyId;

    public CommitmentContract LocalContract { get; } = backup.Contract(ours: true, keys);

    public CommitmentContract RemoteContract { get; } = backup.Contract(ours: false, keys);

    public ChannelBasepoints RemoteBasepoints => backup.RemoteBasepoints;

    public SignedCommitment? Local => null;

    public CommitmentState? Remote => null;

    public CommitmentState? NextRemote => null;

    public RevokedSecrets Revoked { get; } = new();

    public IReadOnlyList<Transaction> MutualCloses => [];

    public bool IsStale => true;

    public IReadOnlyList<CommittedHtlc> RevokedHtlcs(ulong number) => [];

    public bool TryGetPreimage(Bytes32 paymentHash, out Bytes32 preimage)
    {
        preimage = default;
        return false;
    }
}
