using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Keys;

/// <summary>
/// Our secrets of one channel, and what they sign. They never decide whether something may be signed: that is the channel's rule. Each is
/// expanded from the channel's root by a tag: <c>funding</c>, <c>revocation</c>, <c>payment</c>, <c>delayed payment</c>, <c>htlc</c>,
/// <c>commitments</c>. Safe for many threads until it is disposed of, which zeroes them.
/// </summary>
/// <remarks>
/// What the peer checks off chain is signed once; what is spent on chain by us alone is signed with a low r, so that weights are known
/// before signing.
/// </remarks>
public sealed class ChannelKeys : IDisposable
{
    // Below this many, the threads cost more than they save: a signature takes some 30 µs.
    private const int ParallelFrom = 16;

    private readonly SecretKey _funding;
    private readonly SecretKey _revocation;
    private readonly SecretKey _payment;
    private readonly SecretKey _delayedPayment;
    private readonly SecretKey _htlc;

    internal ChannelKeys(Bytes32 id, SecretBytes root)
    {
        Id = id;
        _funding = DerivedSecrets.Key(root, "funding"u8);
        _revocation = DerivedSecrets.Key(root, "revocation"u8);
        _payment = DerivedSecrets.Key(root, "payment"u8);
        _delayedPayment = DerivedSecrets.Key(root, "delayed payment"u8);
        _htlc = DerivedSecrets.Key(root, "htlc"u8);
        using var seed = DerivedSecrets.Bytes(root, "commitments"u8);
        PerCommitment = new PerCommitmentSecrets(seed.Reveal());
        Basepoints = new ChannelBasepoints(
            _funding.PublicKey, _revocation.PublicKey, _payment.PublicKey, _delayedPayment.PublicKey, _htlc.PublicKey);
    }

    /// <summary>What the keys were derived for.</summary>
    public Bytes32 Id { get; }

    /// <summary>What the peer is told when the channel is opened.</summary>
    public ChannelBasepoints Basepoints { get; }

    /// <summary>Points of our commitments, and their secrets once they are revoked.</summary>
    public PerCommitmentSecrets PerCommitment { get; }

    /// <summary>Our signature on a commitment transaction, ours or the peer's.</summary>
    public CompactSignature SignCommitment(CommitmentTransaction commitment) => Sign(_funding, commitment.SignatureHash());

    /// <summary>Our signatures on the HTLC transactions of the peer's commitment, in the order of its outputs: the rest of <c>commitment_signed</c>.</summary>
    public CompactSignature[] SignPeerHtlcs(CommitmentTransaction peerCommitment)
    {
        var outputs = peerCommitment.Htlcs;
        var signatures = new CompactSignature[outputs.Count];
        if (outputs.Count == 0)
            return signatures;

        using var key = Derive(_htlc, peerCommitment.State.Keys.PerCommitmentPoint);
        void SignOne(int i) => signatures[i] = Sign(key, HtlcTransaction.Build(peerCommitment, outputs[i]).CountersignerHash());
        if (outputs.Count >= ParallelFrom)
        {
            Parallel.For(0, outputs.Count, SignOne);
        }
        else
        {
            for (var i = 0; i < outputs.Count; i++)
                SignOne(i);
        }

        return signatures;
    }

    /// <summary>Our signature on the transaction of a cooperative close.</summary>
    public CompactSignature SignClosing(ClosingTransaction closing) => Sign(_funding, closing.SignatureHash());

    /// <summary>Our signature on the second stage of an HTLC in our own commitment.</summary>
    /// <param name="transaction">The HTLC transaction.</param>
    /// <param name="extended">The same with inputs and outputs added for the fee; null for none.</param>
    /// <param name="inputIndex">The input that spends the HTLC.</param>
    public CompactSignature SignHtlcTransaction(HtlcTransaction transaction, Transaction? extended = null, int inputIndex = 0)
    {
        using var key = Derive(_htlc, transaction.Commitment.State.Keys.PerCommitmentPoint);
        return SignLowR(key, transaction.BroadcasterHash(extended, inputIndex));
    }

    /// <summary>Our own output, or that of our HTLC transaction, after its delay.</summary>
    /// <param name="transaction">What spends it.</param>
    /// <param name="inputIndex">The input.</param>
    /// <param name="amount">What the input spends.</param>
    /// <param name="revocableScript">The output's witness script.</param>
    /// <param name="perCommitmentPoint">Of our commitment.</param>
    public CompactSignature SignDelayed(Transaction transaction, int inputIndex, Satoshis amount, Script revocableScript, in PublicKey perCommitmentPoint)
    {
        using var key = Derive(_delayedPayment, perCommitmentPoint);
        return SignInput(key, transaction, inputIndex, amount, revocableScript);
    }

    /// <summary>Our output in the peer's commitment, with static_remotekey: the key does not depend on the commitment.</summary>
    /// <param name="transaction">What spends it.</param>
    /// <param name="inputIndex">The input.</param>
    /// <param name="amount">What the input spends.</param>
    /// <param name="hasAnchors">Whether the channel has anchors, and the output a witness script.</param>
    public CompactSignature SignToRemote(Transaction transaction, int inputIndex, Satoshis amount, bool hasAnchors)
    {
        if (hasAnchors)
            return SignInput(_payment, transaction, inputIndex, amount, CommitmentScripts.ToRemoteWithAnchors(Basepoints.Payment));

        // P2WPKH signs the P2PKH script of its hash (BIP 143).
        Span<byte> hash = stackalloc byte[20];
        Hashes.Hash160(Basepoints.Payment.ToBytes(), hash);
        return SignInput(_payment, transaction, inputIndex, amount, StandardScripts.P2pkh(hash));
    }

    /// <summary>Our anchor in a commitment of either side.</summary>
    public CompactSignature SignAnchor(Transaction transaction, int inputIndex) =>
        SignInput(_funding, transaction, inputIndex, CommitmentFees.AnchorAmount, CommitmentScripts.Anchor(Basepoints.Funding));

    /// <summary>An HTLC in the peer's commitment: theirs to us by its preimage, or ours back after its expiry.</summary>
    /// <param name="transaction">What spends it.</param>
    /// <param name="inputIndex">The input.</param>
    /// <param name="amount">What the input spends.</param>
    /// <param name="htlcScript">The output's witness script.</param>
    /// <param name="perCommitmentPoint">Of the peer's commitment.</param>
    public CompactSignature SignHtlcClaim(Transaction transaction, int inputIndex, Satoshis amount, Script htlcScript, in PublicKey perCommitmentPoint)
    {
        using var key = Derive(_htlc, perCommitmentPoint);
        return SignInput(key, transaction, inputIndex, amount, htlcScript);
    }

    /// <summary>Any revocable output of a commitment that the peer has revoked, or of an HTLC transaction that spends from it.</summary>
    /// <param name="transaction">What spends it.</param>
    /// <param name="inputIndex">The input.</param>
    /// <param name="amount">What the input spends.</param>
    /// <param name="witnessScript">The output's witness script.</param>
    /// <param name="revokedSecret">The secret that the peer gave for that commitment.</param>
    /// <exception cref="ArgumentException">The secret is no key: the channel checks it when it comes.</exception>
    public CompactSignature SignRevoked(Transaction transaction, int inputIndex, Satoshis amount, Script witnessScript, Bytes32 revokedSecret)
    {
        if (!SecretKey.TryCreate(revokedSecret.Span, out var secret))
            throw new ArgumentException("The secret is no key.", nameof(revokedSecret));
        using (secret)
        {
            if (!KeyDerivation.TryDeriveRevocationSecret(_revocation, secret, out var key))
                throw new ArgumentException("The secret cancels our own out.", nameof(revokedSecret));
            using (key)
                return SignInput(key, transaction, inputIndex, amount, witnessScript);
        }
    }

    public void Dispose()
    {
        _funding.Dispose();
        _revocation.Dispose();
        _payment.Dispose();
        _delayedPayment.Dispose();
        _htlc.Dispose();
        PerCommitment.Dispose();
    }

    /// <summary>Never the keys.</summary>
    public override string ToString() => $"(keys of channel {Id})";

    private static SecretKey Derive(SecretKey basepoint, in PublicKey perCommitmentPoint) =>
        KeyDerivation.TryDeriveSecretKey(basepoint, perCommitmentPoint, out var key)
            ? key
            : throw new ArgumentException("The point cancels our key out: the channel refuses such a point.", nameof(perCommitmentPoint));

    private static CompactSignature SignInput(SecretKey key, Transaction transaction, int inputIndex, Satoshis amount, Script script) =>
        SignLowR(key, SignatureHash.SegwitV0(transaction, inputIndex, script.Span, amount, SighashType.All));

    private static CompactSignature Sign(SecretKey key, Bytes32 hash)
    {
        Span<byte> compact = stackalloc byte[CompactSignature.Length];
        Ecdsa.Sign(key, hash.Span, compact);
        return new CompactSignature(compact);
    }

    private static CompactSignature SignLowR(SecretKey key, Bytes32 hash)
    {
        Span<byte> compact = stackalloc byte[CompactSignature.Length];
        Ecdsa.SignLowR(key, hash.Span, compact);
        return new CompactSignature(compact);
    }
}
