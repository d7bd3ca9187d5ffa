using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>What the signatures of gossip sign (BOLT 7): the double SHA-256 of the message after its signatures, extension included.</summary>
internal static class SignedContent
{
    /// <param name="message">The message.</param>
    /// <param name="signatureBytes">Bytes that its signatures take, right after the type.</param>
    internal static Bytes32 Hash(LightningMessage message, int signatureBytes)
    {
        var writer = new ByteWriter(512);
        message.WritePayload(writer);
        return Hashes.Sha256d(writer.WrittenSpan[signatureBytes..]);
    }
}
