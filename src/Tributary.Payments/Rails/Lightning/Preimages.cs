using System.Security.Cryptography;
using System.Text;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Payments.Rails.Lightning;

/// <summary>
/// Preimages from attempts: HMAC-SHA256 of the attempt's id under the rail's secret. Nothing has to be stored before an invoice is written, and
/// whoever has the stored decision to settle can make the preimage again.
/// </summary>
internal static class Preimages
{
    public static Bytes32 Of(SecretBytes secret, string attemptId)
    {
        Span<byte> preimage = stackalloc byte[Bytes32.Length];
        HMACSHA256.HashData(secret.Reveal(), Encoding.UTF8.GetBytes("bolt11/1 " + attemptId), preimage);
        return new Bytes32(preimage);
    }
}
