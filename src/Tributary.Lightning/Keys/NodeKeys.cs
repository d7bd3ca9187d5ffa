using System.Security.Cryptography;
using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Keys;

/// <summary>
/// All secrets of a node, from one seed of 32 bytes. HKDF-SHA256 (RFC 5869) extracts the root with the salt
/// <c>tributary/lightning/keys/1</c> and expands it once for each use, by the tag in the table; a change of any of them takes a new salt.
/// <code>
/// identity          the node's key (BOLT 1, BOLT 8)
/// backup            encrypts static channel backups
/// replica           encrypts the copies of channel state in a second folder
/// invoice           makes preimages and payment secrets of invoices
/// channel ‖ key id  the root of a channel's secrets, see ChannelKeys
/// </code>
/// Secrets are zeroed on Dispose and never printed.
/// </summary>
public sealed class NodeKeys : IDisposable
{
    private readonly SecretBytes _root;

    private NodeKeys(SecretBytes root)
    {
        _root = root;
        Identity = DerivedSecrets.Key(root, "identity"u8);
        Id = new NodeId(Identity.PublicKey);
        BackupKey = DerivedSecrets.Bytes(root, "backup"u8);
        ReplicaKey = DerivedSecrets.Bytes(root, "replica"u8);
        InvoiceSecret = DerivedSecrets.Bytes(root, "invoice"u8);
    }

    /// <summary>The key whose point is the node's id.</summary>
    public SecretKey Identity { get; }

    /// <summary>The node's id.</summary>
    public NodeId Id { get; }

    /// <summary>Encrypts static channel backups; 32 bytes.</summary>
    public SecretBytes BackupKey { get; }

    /// <summary>Encrypts replicated channel state; 32 bytes.</summary>
    public SecretBytes ReplicaKey { get; }

    /// <summary>What preimages and payment secrets of invoices are made from; 32 bytes.</summary>
    public SecretBytes InvoiceSecret { get; }

    /// <summary>Derives the keys; the caller zeroes its own copy of the seed.</summary>
    public static NodeKeys FromSeed(ReadOnlySpan<byte> seed32)
    {
        if (seed32.Length != Bytes32.Length)
            throw new ArgumentException("A seed takes 32 bytes.", nameof(seed32));
        Span<byte> root = stackalloc byte[Hkdf.PseudorandomKeyLength];
        Hkdf.Extract(seed32, "tributary/lightning/keys/1"u8, root);
        try
        {
            return new NodeKeys(new SecretBytes(root));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(root);
        }
    }

    /// <summary>
    /// The keys of a channel; they belong to the caller. The id is random, drawn once for a channel, stored before it is used, and never used
    /// for another: two channels with the same keys would give each other's money away.
    /// </summary>
    public ChannelKeys ChannelKeys(Bytes32 channelKeyId)
    {
        Span<byte> tag = stackalloc byte["channel"u8.Length + Bytes32.Length];
        "channel"u8.CopyTo(tag);
        channelKeyId.Span.CopyTo(tag["channel"u8.Length..]);
        using var root = DerivedSecrets.Bytes(_root, tag);
        return new ChannelKeys(channelKeyId, root);
    }

    public void Dispose()
    {
        _root.Dispose();
        Identity.Dispose();
        BackupKey.Dispose();
        ReplicaKey.Dispose();
        InvoiceSecret.Dispose();
    }

    /// <summary>Never the keys.</summary>
    public override string ToString() => $"(keys of {Id})";
}
