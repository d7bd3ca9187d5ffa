using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// Recognises what spent a funding output (BOLT 5): by the ids of the transactions that we know, and then by the number that a commitment
/// hides.
/// </summary>
internal sealed class CloseReader(IChannelClaims claims, ChannelKeys keys)
{
    private readonly bool _hasAnchors = claims.RemoteContract.Format.HasAnchors();

    internal Close Read(Transaction transaction, int height)
    {
        var mutual = new Close { Kind = CloseKind.Mutual, Transaction = transaction, Height = height };
        if (claims.MutualCloses.Any(close => close.TxId == transaction.TxId) || !TryGetNumber(transaction, out var number))
            return mutual;
        if (claims.Local is { } local && CommitmentTransaction.Build(claims.LocalContract, local.State) is var ours && ours.Unsigned.TxId == transaction.TxId)
            return ReadOurs(transaction, height, local, ours);
        foreach (var state in new[] { claims.Remote, claims.NextRemote })
        {
            if (state is not null && CommitmentTransaction.Build(claims.RemoteContract, state) is var peers && peers.Unsigned.TxId == transaction.TxId)
                return ReadPeers(transaction, height, peers);
        }

        return ReadOursUnknown(transaction, height, number)
            ?? ReadRevoked(transaction, height, number)
            ?? ReadPeersUnknown(transaction, height, number);
    }

    private bool TryGetNumber(Transaction transaction, out ulong number)
    {
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (transaction.PreviousOutput(i) == claims.LocalContract.Funding)
                return CommitmentNumber.TryReveal(transaction.LockTime, transaction.Sequence(i), claims.LocalContract.ObscuringFactor, out number);
        }

        throw new ArgumentException("The transaction does not spend the funding output.", nameof(transaction));
    }

    private static Close ReadOurs(Transaction transaction, int height, SignedCommitment signed, CommitmentTransaction commitment)
    {
        var outputs = new List<TrackedOutput>();
        if (commitment.ToBroadcasterIndex >= 0)
            outputs.Add(Track(transaction, height, commitment.ToBroadcasterIndex, OutputKind.Delayed, commitment.RevocableScript));
        for (var i = 0; i < commitment.Htlcs.Count; i++)
        {
            var (index, htlc, script) = commitment.Htlcs[i];
            var kind = htlc.IsOffered ? OutputKind.OfferedInOurs : OutputKind.ReceivedInOurs;
            outputs.Add(Track(transaction, height, index, kind, script) with { Htlc = htlc, HtlcPlace = i });
        }

        return new Close
        {
            Kind = CloseKind.Ours,
            Transaction = transaction,
            Height = height,
            Number = commitment.State.Number,
            Keys = commitment.State.Keys,
            Commitment = commitment,
            Signed = signed,
            Htlcs = commitment.State.Htlcs,
            Outputs = outputs,
            SecondStageScript = commitment.RevocableScript,
        };
    }

    private Close ReadPeers(Transaction transaction, int height, CommitmentTransaction commitment)
    {
        var outputs = FindToRemote(transaction, height);
        foreach (var (index, htlc, script) in commitment.Htlcs)
        {
            var kind = htlc.IsOffered ? OutputKind.ReceivedInPeers : OutputKind.OfferedInPeers;
            outputs.Add(Track(transaction, height, index, kind, script) with { Htlc = htlc });
        }

        return new Close
        {
            Kind = CloseKind.Peers,
            Transaction = transaction,
            Height = height,
            Number = commitment.State.Number,
            Keys = commitment.State.Keys,
            Htlcs = commitment.State.Htlcs,
            Outputs = outputs,
        };
    }

    // Nothing but our own program broadcasts our commitments: one that is not the latest comes from a copy. The peer may punish it; until then
    // what is ours in it is ours. Its HTLCs are out of reach without the peer's signatures, unless their transactions are out already.
    private Close? ReadOursUnknown(Transaction transaction, int height, ulong number)
    {
        if (!CommitmentKeys.TryDerive(
            claims.LocalContract.Format, keys.PerCommitment.Point(number), keys.Basepoints, claims.RemoteBasepoints, out var commitmentKeys))
        {
            return null;
        }

        var script = CommitmentScripts.RevocableDelayed(
            commitmentKeys.RevocationKey, claims.LocalContract.ToSelfDelay, commitmentKeys.BroadcasterDelayedKey);
        var toPeer = _hasAnchors
            ? StandardScripts.P2wshOf(CommitmentScripts.ToRemoteWithAnchors(claims.RemoteBasepoints.Payment))
            : CommitmentScripts.ToRemoteWithoutAnchors(claims.RemoteBasepoints.Payment);
        var outputs = FindByScript(transaction, height, script, OutputKind.Delayed);
        if (outputs.Count == 0 && transaction.Outputs.All(output => output.ScriptPubKey != toPeer))
            return null;
        return new Close
        {
            Kind = CloseKind.OursUnknown,
            Transaction = transaction,
            Height = height,
            Number = number,
            Keys = commitmentKeys,
            Outputs = outputs,

            // What the other copy had claimed of its HTLCs lies under the same script.
            SecondStageScript = script,
        };
    }

    private Close? ReadRevoked(Transaction transaction, int height, ulong number)
    {
        if (!claims.Revoked.TryGet(number, out var secret) || !SecretKey.TryCreate(secret.Span, out var secretKey))
            return null;
        PublicKey point;
        using (secretKey)
            point = secretKey.PublicKey;
        if (!CommitmentKeys.TryDerive(claims.RemoteContract.Format, point, claims.RemoteBasepoints, keys.Basepoints, out var commitmentKeys))
            return null;

        var revocable = CommitmentScripts.RevocableDelayed(
            commitmentKeys.RevocationKey, claims.RemoteContract.ToSelfDelay, commitmentKeys.BroadcasterDelayedKey);
        var htlcs = claims.RevokedHtlcs(number);
        var outputs = FindToRemote(transaction, height);
        outputs.AddRange(FindByScript(transaction, height, revocable, OutputKind.RevokedDelayed));
        outputs.AddRange(FindRevokedHtlcs(transaction, height, commitmentKeys, htlcs));
        return new Close
        {
            Kind = CloseKind.Revoked,
            Transaction = transaction,
            Height = height,
            Number = number,
            Keys = commitmentKeys,
            RevokedSecret = secret,
            Htlcs = htlcs,
            Outputs = outputs,
            SecondStageScript = revocable,
        };
    }

    // The state is stale: keys of the commitment follow from a point that we do not have, but static_remotekey does not depend on it.
    private Close ReadPeersUnknown(Transaction transaction, int height, ulong number) => new()
    {
        Kind = CloseKind.PeersUnknown,
        Transaction = transaction,
        Height = height,
        Number = number,
        Outputs = FindToRemote(transaction, height),
    };

    private List<TrackedOutput> FindRevokedHtlcs(
        Transaction transaction, int height, CommitmentKeys commitmentKeys, IReadOnlyList<CommittedHtlc> htlcs)
    {
        var byScript = new Dictionary<Script, List<int>>();
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            var script = transaction.Output(i).ScriptPubKey;
            if (!byScript.TryGetValue(script, out var places))
                byScript.Add(script, places = []);
            places.Add(i);
        }

        // Parts of one payment may share a script: the amount tells them apart as far as that matters.
        var found = new List<TrackedOutput>();
        foreach (var htlc in htlcs)
        {
            var script = htlc.IsOffered
                ? CommitmentScripts.OfferedHtlc(commitmentKeys, htlc.PaymentHash, _hasAnchors)
                : CommitmentScripts.ReceivedHtlc(commitmentKeys, htlc.PaymentHash, htlc.CltvExpiry, _hasAnchors);
            if (!byScript.TryGetValue(StandardScripts.P2wshOf(script), out var places))
                continue;
            var at = places.FindIndex(place => transaction.OutputValue(place) == htlc.Amount.FloorToSatoshis());
            if (at < 0)
                continue;
            found.Add(Track(transaction, height, places[at], OutputKind.RevokedHtlc, script) with { Htlc = htlc });
            places.RemoveAt(at);
        }

        return found;
    }

    private List<TrackedOutput> FindToRemote(Transaction transaction, int height)
    {
        if (_hasAnchors)
            return FindByScript(transaction, height, CommitmentScripts.ToRemoteWithAnchors(keys.Basepoints.Payment), OutputKind.ToRemote);
        var script = CommitmentScripts.ToRemoteWithoutAnchors(keys.Basepoints.Payment);
        return
        [
            .. Enumerable.Range(0, transaction.OutputCount)
                .Where(i => transaction.Output(i).ScriptPubKey == script)
                .Select(i => Track(transaction, height, i, OutputKind.ToRemote, Script.Empty)),
        ];
    }

    private static List<TrackedOutput> FindByScript(Transaction transaction, int height, Script witnessScript, OutputKind kind)
    {
        var script = StandardScripts.P2wshOf(witnessScript);
        return
        [
            .. Enumerable.Range(0, transaction.OutputCount)
                .Where(i => transaction.Output(i).ScriptPubKey == script)
                .Select(i => Track(transaction, height, i, kind, witnessScript)),
        ];
    }

    private static TrackedOutput Track(Transaction transaction, int height, int index, OutputKind kind, Script witnessScript) =>
        new(transaction.OutPointOf(index), transaction.Output(index), kind, witnessScript, height);
}
