using Tributary.Lightning.Commitments;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Channels;

// The checkpoint: the whole state in one form. Lists stand in the order of ids, so that equal states have equal bytes.
public sealed partial class ChannelState
{
    private const byte FormatVersion = 1;

    /// <summary>Appends the state.</summary>
    public void WriteTo(ByteWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteSetup(Setup);
        writer.WriteOptionalTerms(RemoteTerms);
        writer.WriteUInt32BigEndian(MinimumDepth);
        writer.WriteByte((byte)Stage);
        writer.WriteFlag(IsStaticBackup);
        writer.WriteText(Ending ?? "");
        writer.WriteFlag(Broadcasts);
        writer.WriteFlag(Funding is not null);
        if (Funding is { } funding)
            writer.WriteOutPoint(funding);
        writer.WriteFlag(FundingTransaction is not null);
        if (FundingTransaction is not null)
            writer.WriteTransaction(FundingTransaction);
        writer.WriteOptionalPosition(Position);
        writer.WriteFlag(IsLocalReady);
        writer.WriteFlag(IsRemoteReady);
        writer.WriteOptionalPosition(RemoteAlias);
        if (Stage is not (ChannelStage.Opening or ChannelStage.Forgotten) && !IsStaticBackup)
            WriteCommitments(writer);
        WriteClosing(writer);
    }

    /// <summary>The bytes of the state.</summary>
    public byte[] ToArray()
    {
        var writer = new ByteWriter(4096);
        WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>
    /// What a static backup keeps, for which one copy, made when the channel is funded, is enough: who the peer is, which keys and which output.
    /// Read back, it is stale from the start, and serves to ask the peer to close and to find what it then pays us.
    /// </summary>
    /// <exception cref="InvalidOperationException">The channel is not funded yet.</exception>
    public byte[] ToStaticBackup()
    {
        if (Funding is not { } funding || Stage == ChannelStage.Opening)
            throw new InvalidOperationException("The channel is not funded yet.");
        var backup = new ChannelState(new ChannelRecord.Started(Setup, RemoteTerms, MinimumDepth))
        {
            Stage = ChannelStage.Stale,
            Ending = "restored from a static backup",
            IsStaticBackup = true,
            Funding = funding,
        };
        return backup.ToArray();
    }

    /// <summary>Reads a state from all of the bytes; refuses what <see cref="WriteTo"/> does not write.</summary>
    public static Result<ChannelState, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var version = reader.Byte("version");
        if (reader.Refusal is null && version != FormatVersion)
            return new Refusal("version", $"{version} is not known: a newer program has written here");

        var state = new ChannelState(new ChannelRecord.Started(reader.Setup(), reader.OptionalTerms(), reader.UInt32("minimum_depth")));
        state.ReadFields(ref reader);
        if (reader.Refusal is { } refusal)
            return refusal;
        if (!reader.IsAtEnd)
            return new Refusal("state", "is followed by more bytes");

        // Some values have several forms that read alike; only one is ours.
        return bytes.SequenceEqual(state.ToArray()) ? state : new Refusal("state", "is not in the form that it is written in");
    }

    private void ReadFields(ref MessageReader reader)
    {
        Stage = (ChannelStage)reader.Byte("stage");
        if (!Enum.IsDefined(Stage))
            reader.Refuse("stage", "is not known");
        IsStaticBackup = reader.Flag("is_static_backup");
        var ending = reader.Text("ending");
        Ending = ending.Length == 0 ? null : ending;
        Broadcasts = reader.Flag("broadcasts");
        Funding = reader.Flag("funding") ? reader.OutPoint("funding") : null;
        FundingTransaction = reader.Flag("funding_transaction") ? reader.Transaction("funding_transaction") : null;
        Position = reader.OptionalPosition("position");
        IsLocalReady = reader.Flag("is_local_ready");
        IsRemoteReady = reader.Flag("is_remote_ready");
        RemoteAlias = reader.OptionalPosition("remote_alias");
        if (reader.Refusal is null && Stage is not (ChannelStage.Opening or ChannelStage.Forgotten) && !IsStaticBackup)
        {
            if (RemoteTerms is null || Funding is null)
                reader.Refuse("funding", "is missing");
            else
                ReadCommitments(ref reader);
        }

        if (reader.Refusal is null && IsStaticBackup && (RemoteTerms is null || Funding is null || Stage != ChannelStage.Stale))
            reader.Refuse("funding", "is missing");
        ReadClosing(ref reader);
    }

    private void WriteCommitments(ByteWriter writer)
    {
        writer.WriteUInt64BigEndian(LocalNumber);
        writer.WriteUInt64BigEndian(RemoteNumber);
        writer.WriteFlag(AwaitsRevocation);
        writer.WriteFlag(SignedAfterRevoking);
        WriteProjection(writer, LocalNow);
        WriteProjection(writer, RemoteNow);
        WriteProjection(writer, RemoteSigned);
        WriteProjection(writer, NextLocal);
        WriteProjection(writer, NextRemote);
        writer.WriteSignature(LocalSignature);
        writer.WriteSignatures(LocalHtlcSignatures);
        writer.WritePoint(RemotePoint);
        writer.WriteOptionalPoint(RemoteNextPoint);
        Revoked.WriteTo(writer);
        writer.WriteUInt64BigEndian(NextOfferedId);
        writer.WriteUInt64BigEndian(NextReceivedId);
        WriteHtlcs(writer, _offered.Values);
        WriteHtlcs(writer, _received.Values);
        WriteUpdates(writer, OursPending);
        WriteUpdates(writer, OursSigned);
        WriteUpdates(writer, OursAcknowledged);
        WriteUpdates(writer, TheirsAcknowledged);
        WriteUpdates(writer, TheirsSigned);
        writer.WriteUInt32BigEndian((uint)_resolved.Count);
        foreach (var resolved in _resolved.Values)
        {
            writer.WriteUInt64BigEndian(resolved.Id);
            writer.WriteBytes32(resolved.PaymentHash);
            writer.WriteOutcome(resolved.Outcome);
        }

        History.WriteTo(writer);
    }

    private void ReadCommitments(ref MessageReader reader)
    {
        LocalNumber = reader.UInt64("local_number");
        RemoteNumber = reader.UInt64("remote_number");
        AwaitsRevocation = reader.Flag("awaits_revocation");
        SignedAfterRevoking = reader.Flag("signed_after_revoking");
        LocalNow = ReadProjection(ref reader, "local_now");
        RemoteNow = ReadProjection(ref reader, "remote_now");
        RemoteSigned = ReadProjection(ref reader, "remote_signed");
        NextLocal = ReadProjection(ref reader, "next_local");
        NextRemote = ReadProjection(ref reader, "next_remote");
        LocalSignature = reader.Signature("local_signature");
        LocalHtlcSignatures = reader.Signatures("local_htlc_signatures");
        RemotePoint = reader.Point("remote_point");
        RemoteNextPoint = reader.OptionalPoint("remote_next_point");
        Revoked = reader.Revoked("revoked");
        if (reader.Refusal is null && (Revoked.Revoked != RemoteNumber || LocalNumber > CommitmentNumber.Max || RemoteNumber >= CommitmentNumber.Max))
            reader.Refuse("remote_number", "does not follow the secrets");
        NextOfferedId = reader.UInt64("next_offered_id");
        NextReceivedId = reader.UInt64("next_received_id");
        ReadHtlcs(ref reader, isOurs: true, NextOfferedId, _offered);
        ReadHtlcs(ref reader, isOurs: false, NextReceivedId, _received);
        ReadUpdates(ref reader, OursPending, _offered, _received);
        ReadUpdates(ref reader, OursSigned, _offered, _received);
        ReadUpdates(ref reader, OursAcknowledged, _offered, _received);
        ReadUpdates(ref reader, TheirsAcknowledged, _received, _offered);
        ReadUpdates(ref reader, TheirsSigned, _received, _offered);
        var resolved = reader.Count("resolved");
        for (var i = 0; i < resolved && reader.Refusal is null; i++)
        {
            var ended = new ResolvedHtlc(reader.UInt64("resolved.id"), reader.Bytes32("resolved.payment_hash"), reader.Outcome());
            if (!_resolved.TryAdd(ended.Id, ended))
                reader.Refuse("resolved.id", "comes twice");
        }

        History.ReadFrom(ref reader);
    }

    private void WriteClosing(ByteWriter writer)
    {
        writer.WriteOptionalScript(LocalShutdown);
        writer.WriteFlag(IsShutdownSent);
        writer.WriteOptionalScript(RemoteShutdown);
        writer.WriteUInt32BigEndian((uint)_closings.Count);
        foreach (var closing in _closings)
            writer.WriteTransaction(closing);
        writer.WriteFlag(ClosingTransaction is not null);
        if (ClosingTransaction is not null)
            writer.WriteTransaction(ClosingTransaction);
        writer.WriteSatoshis(ClosingFee);
    }

    private void ReadClosing(ref MessageReader reader)
    {
        LocalShutdown = reader.OptionalScript("local_shutdown");
        IsShutdownSent = reader.Flag("is_shutdown_sent");
        RemoteShutdown = reader.OptionalScript("remote_shutdown");
        var closings = reader.Count("closings");
        for (var i = 0; i < closings && reader.Refusal is null; i++)
        {
            if (reader.Transaction("closings") is { } closing)
                _closings.Add(closing);
        }

        ClosingTransaction = reader.Flag("closing_transaction") ? reader.Transaction("closing_transaction") : null;
        ClosingFee = reader.Satoshis("closing_fee");
    }

    // Balances may be below zero for a moment of a projection, never in what is stored.
    private static void WriteProjection(ByteWriter writer, CommitmentProjection projection)
    {
        writer.WriteMilliSatoshis(projection.Ours);
        writer.WriteMilliSatoshis(projection.Theirs);
        writer.WriteFeerate(projection.Feerate);
        writer.WriteUInt16BigEndian(checked((ushort)projection.OfferedCount));
        writer.WriteUInt16BigEndian(checked((ushort)projection.ReceivedCount));
        writer.WriteMilliSatoshis(projection.OfferedTotal);
        writer.WriteMilliSatoshis(projection.ReceivedTotal);
        writer.WriteUInt16BigEndian(checked((ushort)projection.Untrimmed));
        writer.WriteMilliSatoshis(projection.Dust);
    }

    private static CommitmentProjection ReadProjection(ref MessageReader reader, string field) => new()
    {
        Ours = reader.MilliSatoshis(field),
        Theirs = reader.MilliSatoshis(field),
        Feerate = reader.Feerate(field),
        OfferedCount = reader.UInt16(field),
        ReceivedCount = reader.UInt16(field),
        OfferedTotal = reader.MilliSatoshis(field),
        ReceivedTotal = reader.MilliSatoshis(field),
        Untrimmed = reader.UInt16(field),
        Dust = reader.MilliSatoshis(field),
    };

    private static void WriteHtlcs(ByteWriter writer, SortedDictionary<ulong, ChannelHtlc>.ValueCollection htlcs)
    {
        writer.WriteUInt32BigEndian((uint)htlcs.Count);
        foreach (var htlc in htlcs)
        {
            writer.WriteUInt64BigEndian(htlc.Id);
            writer.WriteOffer(new HtlcOffer(htlc.Amount, htlc.PaymentHash, htlc.CltvExpiry, htlc.Onion, htlc.PathKey));
            writer.WriteByte((byte)htlc.Added);
            writer.WriteByte((byte)htlc.Removed);
            writer.WriteFlag(htlc.ExceedsDustExposure);
            writer.WriteFlag(htlc.Outcome is not null);
            if (htlc.Outcome is not null)
                writer.WriteOutcome(htlc.Outcome);
            writer.WriteFlag(htlc.Preimage is not null);
            if (htlc.Preimage is { } preimage)
                writer.WriteBytes32(preimage);
            writer.WriteUInt64BigEndian(htlc.LocalFrom);
            writer.WriteUInt64BigEndian(htlc.LocalTo);
            writer.WriteUInt64BigEndian(htlc.RemoteFrom);
            writer.WriteUInt64BigEndian(htlc.RemoteTo);
        }
    }

    private static void ReadHtlcs(ref MessageReader reader, bool isOurs, ulong nextId, SortedDictionary<ulong, ChannelHtlc> into)
    {
        var count = reader.Count("htlcs");
        for (var i = 0; i < count && reader.Refusal is null; i++)
        {
            var htlc = new ChannelHtlc(isOurs, reader.UInt64("htlc.id"), reader.Offer())
            {
                Added = (UpdateStage)reader.Byte("htlc.added"),
                Removed = (UpdateStage)reader.Byte("htlc.removed"),
                ExceedsDustExposure = reader.Flag("htlc.exceeds_dust_exposure"),
                Outcome = reader.Flag("htlc.outcome") ? reader.Outcome() : null,
                Preimage = reader.Flag("htlc.preimage") ? reader.Bytes32("htlc.preimage") : null,
                LocalFrom = reader.UInt64("htlc.local_from"),
                LocalTo = reader.UInt64("htlc.local_to"),
                RemoteFrom = reader.UInt64("htlc.remote_from"),
                RemoteTo = reader.UInt64("htlc.remote_to"),
            };
            if (reader.Refusal is not null)
                return;
            if (htlc.Id >= nextId || htlc.Added is < UpdateStage.PendingOnReceiver or > UpdateStage.Irrevocable
                || htlc.Removed > UpdateStage.Irrevocable || (htlc.Removed != UpdateStage.None && htlc.Outcome is null) || !into.TryAdd(htlc.Id, htlc))
            {
                reader.Refuse("htlc", $"{htlc.Id} cannot be");
            }
        }
    }

    private static void WriteUpdates(ByteWriter writer, List<PendingUpdate> updates)
    {
        writer.WriteUInt32BigEndian((uint)updates.Count);
        foreach (var update in updates)
        {
            writer.WriteByte((byte)update.Kind);
            if (update.Kind == UpdateKind.Fee)
                writer.WriteFeerate(update.Feerate);
            else
                writer.WriteUInt64BigEndian(update.Id);
        }
    }

    private static void ReadUpdates(
        ref MessageReader reader, List<PendingUpdate> into, SortedDictionary<ulong, ChannelHtlc> added, SortedDictionary<ulong, ChannelHtlc> removed)
    {
        var count = reader.Count("updates");
        for (var i = 0; i < count && reader.Refusal is null; i++)
        {
            var kind = (UpdateKind)reader.Byte("update.kind");
            var update = kind == UpdateKind.Fee ? PendingUpdate.Fee(reader.Feerate("update.feerate")) : new PendingUpdate(kind, reader.UInt64("update.id"), default);
            var isKnown = kind switch
            {
                UpdateKind.Add => added.ContainsKey(update.Id),
                UpdateKind.Remove => removed.TryGetValue(update.Id, out var htlc) && htlc.Outcome is not null,
                UpdateKind.Fee => true,
                _ => false,
            };
            if (!isKnown)
                reader.Refuse("update", "is of no HTLC that is here");
            into.Add(update);
        }
    }
}
