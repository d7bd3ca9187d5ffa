using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Tributary.Crypto.Native;

/// <summary>
/// The functions of libsecp256k1 that exist, unchanged, from soname 1 (version 0.2.0) to soname 7 (version 0.8). <c>ec_privkey_*</c> is gone from the
/// later ones and <c>musig_*</c> is missing from the earlier ones, so neither is here.
/// Opaque structures are 64 bytes (public key, x-only key, signature), 65 (recoverable signature) and 96 (key pair).
/// A call takes 10 µs and more, so the collector must be able to run meanwhile: no SuppressGCTransition.
/// </summary>
internal static unsafe partial class Secp256k1Native
{
    internal const string Library = "secp256k1";

    /// <summary>SECP256K1_CONTEXT_NONE: since 0.2.0 every context signs and verifies.</summary>
    internal const uint ContextNone = 1;

    /// <summary>SECP256K1_EC_COMPRESSED.</summary>
    internal const uint Compressed = 258;

    /// <summary>SECP256K1_EC_UNCOMPRESSED.</summary>
    internal const uint Uncompressed = 2;

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    internal static partial nint ContextCreate(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    internal static partial int ContextRandomize(nint context, byte* seed32);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_set_illegal_callback")]
    internal static partial void ContextSetIllegalCallback(nint context, delegate* unmanaged[Cdecl]<byte*, void*, void> callback, void* data);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_parse")]
    internal static partial int PublicKeyParse(nint context, byte* key, byte* input, nuint inputLength);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    internal static partial int PublicKeySerialize(nint context, byte* output, nuint* outputLength, byte* key, uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_cmp")]
    internal static partial int PublicKeyCompare(nint context, byte* left, byte* right);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    internal static partial int PublicKeyCreate(nint context, byte* key, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_negate")]
    internal static partial int PublicKeyNegate(nint context, byte* key);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_tweak_add")]
    internal static partial int PublicKeyTweakAdd(nint context, byte* key, byte* tweak32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_tweak_mul")]
    internal static partial int PublicKeyTweakMultiply(nint context, byte* key, byte* tweak32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_combine")]
    internal static partial int PublicKeyCombine(nint context, byte* output, byte** keys, nuint count);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_verify")]
    internal static partial int SecretKeyVerify(nint context, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_negate")]
    internal static partial int SecretKeyNegate(nint context, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_tweak_add")]
    internal static partial int SecretKeyTweakAdd(nint context, byte* secret32, byte* tweak32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_tweak_mul")]
    internal static partial int SecretKeyTweakMultiply(nint context, byte* secret32, byte* tweak32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_parse_compact")]
    internal static partial int SignatureParseCompact(nint context, byte* signature, byte* input64);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_parse_der")]
    internal static partial int SignatureParseDer(nint context, byte* signature, byte* input, nuint inputLength);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_serialize_compact")]
    internal static partial int SignatureSerializeCompact(nint context, byte* output64, byte* signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_serialize_der")]
    internal static partial int SignatureSerializeDer(nint context, byte* output, nuint* outputLength, byte* signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_normalize")]
    internal static partial int SignatureNormalize(nint context, byte* output, byte* input);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_verify")]
    internal static partial int EcdsaVerify(nint context, byte* signature, byte* hash32, byte* key);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign")]
    internal static partial int EcdsaSign(nint context, byte* signature, byte* hash32, byte* secret32, void* nonceFunction, byte* nonceData);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    internal static partial int EcdsaSignRecoverable(nint context, byte* signature, byte* hash32, byte* secret32, void* nonceFunction, byte* nonceData);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    internal static partial int RecoverableParseCompact(nint context, byte* signature, byte* input64, int recoveryId);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    internal static partial int RecoverableSerializeCompact(nint context, byte* output64, int* recoveryId, byte* signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recover")]
    internal static partial int EcdsaRecover(nint context, byte* key, byte* signature, byte* hash32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdh")]
    internal static partial int Ecdh(nint context, byte* output, byte* key, byte* secret32, delegate* unmanaged[Cdecl]<byte*, byte*, byte*, void*, int> hashFunction, void* data);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_parse")]
    internal static partial int XOnlyParse(nint context, byte* key, byte* input32);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_serialize")]
    internal static partial int XOnlySerialize(nint context, byte* output32, byte* key);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_cmp")]
    internal static partial int XOnlyCompare(nint context, byte* left, byte* right);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_from_pubkey")]
    internal static partial int XOnlyFromPublicKey(nint context, byte* xOnly, int* parity, byte* key);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_tweak_add")]
    internal static partial int XOnlyTweakAdd(nint context, byte* output, byte* xOnly, byte* tweak32);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_tweak_add_check")]
    internal static partial int XOnlyTweakAddCheck(nint context, byte* tweaked32, int tweakedParity, byte* xOnlyInternal, byte* tweak32);

    [LibraryImport(Library, EntryPoint = "secp256k1_keypair_create")]
    internal static partial int KeyPairCreate(nint context, byte* keyPair, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_keypair_sec")]
    internal static partial int KeyPairSecret(nint context, byte* secret32, byte* keyPair);

    [LibraryImport(Library, EntryPoint = "secp256k1_keypair_xonly_tweak_add")]
    internal static partial int KeyPairXOnlyTweakAdd(nint context, byte* keyPair, byte* tweak32);

    [LibraryImport(Library, EntryPoint = "secp256k1_schnorrsig_sign_custom")]
    internal static partial int SchnorrSign(nint context, byte* signature64, byte* message, nuint messageLength, byte* keyPair, SchnorrSignParameters* parameters);

    [LibraryImport(Library, EntryPoint = "secp256k1_schnorrsig_verify")]
    internal static partial int SchnorrVerify(nint context, byte* signature64, byte* message, nuint messageLength, byte* xOnly);

    /// <summary>secp256k1_schnorrsig_extraparams.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SchnorrSignParameters
    {
        internal uint Magic;
        internal void* NonceFunction;
        internal byte* NonceData;

        /// <summary>SECP256K1_SCHNORRSIG_EXTRAPARAMS_MAGIC: the bytes da 6f b3 8c.</summary>
        internal static uint ExpectedMagic => BitConverter.IsLittleEndian ? 0x8cb36fdau : 0xda6fb38cu;
    }
}
