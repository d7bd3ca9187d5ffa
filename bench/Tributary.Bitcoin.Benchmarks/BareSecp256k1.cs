using System.Runtime.InteropServices;

namespace Tributary.Bitcoin.Benchmarks;

/// <summary>
/// libsecp256k1 called with nothing of ours around it, on memory that does not move: what any checker of signatures has to pay, measured
/// as the library's own benchmark does, with key and signature parsed from their bytes.
/// </summary>
internal sealed unsafe class BareSecp256k1
{
    private const uint ContextNone = 1;

    private readonly nint _context;
    private readonly delegate* unmanaged<nint, byte*, byte*, nuint, int> _parseKey;
    private readonly delegate* unmanaged<nint, byte*, byte*, nuint, int> _parseSignature;
    private readonly delegate* unmanaged<nint, byte*, byte*, byte*, int> _verifyEcdsa;
    private readonly delegate* unmanaged<nint, byte*, byte*, int> _parseXOnly;
    private readonly delegate* unmanaged<nint, byte*, byte*, nuint, byte*, int> _verifySchnorr;

    public BareSecp256k1()
    {
        var library = Enumerable.Range(1, 6).Select(static version => NativeLibrary.TryLoad($"libsecp256k1.so.{version}", out var handle) ? handle : 0).First(static handle => handle != 0);
        var create = (delegate* unmanaged<uint, nint>)NativeLibrary.GetExport(library, "secp256k1_context_create");
        _context = create(ContextNone);
        _parseKey = (delegate* unmanaged<nint, byte*, byte*, nuint, int>)NativeLibrary.GetExport(library, "secp256k1_ec_pubkey_parse");
        _parseSignature = (delegate* unmanaged<nint, byte*, byte*, nuint, int>)NativeLibrary.GetExport(library, "secp256k1_ecdsa_signature_parse_der");
        _verifyEcdsa = (delegate* unmanaged<nint, byte*, byte*, byte*, int>)NativeLibrary.GetExport(library, "secp256k1_ecdsa_verify");
        _parseXOnly = (delegate* unmanaged<nint, byte*, byte*, int>)NativeLibrary.GetExport(library, "secp256k1_xonly_pubkey_parse");
        _verifySchnorr = (delegate* unmanaged<nint, byte*, byte*, nuint, byte*, int>)NativeLibrary.GetExport(library, "secp256k1_schnorrsig_verify");
    }

    /// <param name="key33">A compressed key, pinned.</param>
    /// <param name="der">A signature without its hash type, pinned.</param>
    /// <param name="hash32">What it signs, pinned.</param>
    public bool VerifyEcdsa(byte[] key33, byte[] der, byte[] hash32)
    {
        var parsedKey = stackalloc byte[64];
        var parsedSignature = stackalloc byte[64];
        fixed (byte* key = key33, signature = der, hash = hash32)
        {
            return _parseKey(_context, parsedKey, key, (nuint)key33.Length) == 1
                && _parseSignature(_context, parsedSignature, signature, (nuint)der.Length) == 1
                && _verifyEcdsa(_context, parsedSignature, hash, parsedKey) == 1;
        }
    }

    /// <param name="key32">An x-only key, pinned.</param>
    /// <param name="signature64">A signature, pinned.</param>
    /// <param name="hash32">What it signs, pinned.</param>
    public bool VerifySchnorr(byte[] key32, byte[] signature64, byte[] hash32)
    {
        var parsedKey = stackalloc byte[64];
        fixed (byte* key = key32, signature = signature64, hash = hash32)
            return _parseXOnly(_context, parsedKey, key) == 1 && _verifySchnorr(_context, signature, hash, 32, parsedKey) == 1;
    }
}
