using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <content>OP_CHECKMULTISIG.</content>
internal ref partial struct ScriptMachine
{
    // dummy signature… count key… count → result. The dummy is consumed by mistake, since 2009.
    private ScriptError CheckMultiSig(bool mustHold)
    {
        if (_version == SignatureVersion.Tapscript)
            return ScriptError.TapscriptCheckMultiSig;

        var error = ReadMultiSigCounts(out var keys, out var signatures);
        if (error != ScriptError.Ok)
            return error;
        error = MatchSignatures(keys, signatures, out var isValid);
        if (error != ScriptError.Ok)
            return error;

        if (!isValid && Has(ScriptFlags.NullFail) && AnySignature(keys, signatures))
            return ScriptError.NullFail;
        Stack.Pop(keys + signatures + 2);
        if (Has(ScriptFlags.NullDummy) && !Stack.Top().IsEmpty)
            return ScriptError.SigNullDummy;
        Stack.Pop();
        return Conclude(isValid, mustHold, ScriptError.CheckMultiSigVerify);
    }

    private ScriptError ReadMultiSigCounts(out int keys, out int signatures)
    {
        keys = signatures = 0;
        if (Stack.Count < 1)
            return ScriptError.InvalidStackOperation;
        if (!TryGetNumber(1, out var keyCount))
            return ScriptError.ScriptNum;
        if (keyCount is < 0 or > SigOps.KeysPerMultisigMax)
            return ScriptError.PubKeyCount;

        // Every key is an operation.
        keys = (int)keyCount;
        _operations += keys;
        if (_operations > OperationsMax)
            return ScriptError.OpCount;
        if (Stack.Count < keys + 2)
            return ScriptError.InvalidStackOperation;

        if (!TryGetNumber(keys + 2, out var signatureCount))
            return ScriptError.ScriptNum;
        if (signatureCount < 0 || signatureCount > keys)
            return ScriptError.SigCount;
        signatures = (int)signatureCount;
        return Stack.Count < keys + signatures + 3 ? ScriptError.InvalidStackOperation : ScriptError.Ok;
    }

    /// <summary>
    /// Keys and signatures are in the same order; each signature takes the next key that it is valid for. Both are tried from the top down,
    /// which decides what encoding errors come to light.
    /// </summary>
    private readonly ScriptError MatchSignatures(int keys, int signatures, out bool isValid)
    {
        isValid = false;
        var scriptCode = _script.Span[_scriptCodeStart..];
        var topKey = 2;
        var topSignature = keys + 3;
        for (var i = 0; i < signatures && _version == SignatureVersion.Legacy; i++)
        {
            var error = DeleteSignature(ref scriptCode, Stack.Top(topSignature + i));
            if (error != ScriptError.Ok)
                return error;
        }

        // One hash per signature, however many keys it is tried with: with 20 keys and a large transaction this is most of the work.
        Bytes32 hash = default;
        var hashedFor = -1;
        while (signatures > 0 && signatures <= keys)
        {
            var signature = Stack.Top(topSignature);
            var key = Stack.Top(topKey);
            var error = CheckEncoding(signature, key);
            if (error != ScriptError.Ok)
                return error;

            if (!signature.IsEmpty && StandardScripts.IsKeyShaped(key))
            {
                if (hashedFor != topSignature)
                {
                    hash = _context.EcdsaHash(scriptCode, signature[^1], _version);
                    hashedFor = topSignature;
                }

                if (Ecdsa.VerifyLax(key, signature[..^1], hash.Span))
                {
                    topSignature++;
                    signatures--;
                }
            }

            topKey++;
            keys--;
        }

        isValid = signatures == 0;
        return ScriptError.Ok;
    }

    private readonly bool AnySignature(int keys, int signatures)
    {
        for (var i = 0; i < signatures; i++)
        {
            if (!Stack.Top(keys + 3 + i).IsEmpty)
                return true;
        }

        return false;
    }
}
