using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tributary.Crypto.Native;

namespace Tributary.Crypto;

/// <summary>Diffie–Hellman on secp256k1, constant-time in the secret. The outputs are secrets: the caller zeroes them.</summary>
public static unsafe class Ecdh
{
    /// <summary>Writes SHA-256 of the shared point in compressed form: the secret of BOLT 4 and BOLT 8.</summary>
    public static void SharedSecret(SecretKey secret, in PublicKey point, Span<byte> sha256OfCompressed)
    {
        Lengths.RequireRoom(sha256OfCompressed, 32, nameof(sha256OfCompressed));
        Compute(secret, point, sha256OfCompressed, hash: null);
    }

    /// <summary>Writes the x coordinate of the shared point, 32 bytes, unhashed.</summary>
    public static void SharedX(SecretKey secret, in PublicKey point, Span<byte> x32)
    {
        Lengths.RequireRoom(x32, 32, nameof(x32));
        Compute(secret, point, x32, &CopyX);
    }

    private static void Compute(SecretKey secret, in PublicKey point, Span<byte> destination, delegate* unmanaged[Cdecl]<byte*, byte*, byte*, void*, int> hash)
    {
        // The library takes no notice of a key that holds no point.
        point.RequirePoint();
        fixed (byte* output = destination, scalar = secret.Scalar)
        fixed (PublicKey* key = &point)
            Secp256k1.Require(Secp256k1Native.Ecdh(Secp256k1.Context, output, (byte*)key, scalar, hash, null), "agree on a shared point");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CopyX(byte* output, byte* x32, byte* y32, void* data)
    {
        new ReadOnlySpan<byte>(x32, 32).CopyTo(new Span<byte>(output, 32));
        return 1;
    }
}
