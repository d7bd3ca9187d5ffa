using Tributary.Finance.Accounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Signatures;

/// <summary>What an account holds of a key.</summary>
public readonly record struct XmssPublicKey(Bytes32 Root, KeyParameters Parameters);
