namespace Tributary.Bitcoin.Psbt;

/// <summary>Key types of BIP 174, BIP 371 and BIP 373.</summary>
internal static class PsbtTypes
{
    internal const ulong Proprietary = 0xfc;

    internal static class Global
    {
        internal const ulong UnsignedTransaction = 0x00;
        internal const ulong ExtendedPublicKey = 0x01;
        internal const ulong Version = 0xfb;
    }

    internal static class Input
    {
        internal const ulong NonWitnessUtxo = 0x00;
        internal const ulong WitnessUtxo = 0x01;
        internal const ulong PartialSignature = 0x02;
        internal const ulong SighashType = 0x03;
        internal const ulong RedeemScript = 0x04;
        internal const ulong WitnessScript = 0x05;
        internal const ulong Bip32Derivation = 0x06;
        internal const ulong FinalScriptSig = 0x07;
        internal const ulong FinalScriptWitness = 0x08;
        internal const ulong Ripemd160 = 0x0a;
        internal const ulong Sha256 = 0x0b;
        internal const ulong Hash160 = 0x0c;
        internal const ulong Hash256 = 0x0d;
        internal const ulong TapKeySignature = 0x13;
        internal const ulong TapScriptSignature = 0x14;
        internal const ulong TapLeafScript = 0x15;
        internal const ulong TapBip32Derivation = 0x16;
        internal const ulong TapInternalKey = 0x17;
        internal const ulong TapMerkleRoot = 0x18;
        internal const ulong Musig2Participants = 0x1a;
        internal const ulong Musig2PublicNonce = 0x1b;
        internal const ulong Musig2PartialSignature = 0x1c;
    }

    internal static class Output
    {
        internal const ulong RedeemScript = 0x00;
        internal const ulong WitnessScript = 0x01;
        internal const ulong Bip32Derivation = 0x02;
        internal const ulong TapInternalKey = 0x05;
        internal const ulong TapTree = 0x06;
        internal const ulong TapBip32Derivation = 0x07;
        internal const ulong Musig2Participants = 0x08;
    }
}
