using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>Follows the money of a confirmed commitment to the wallets it ends in.</summary>
internal sealed class Ownership(ChainWorld world, CommitmentTransaction commitment, params Party?[] parties)
{
    /// <summary>Whose wallet an output ended in, 0 or 1; null when it is unspent.</summary>
    internal int? OwnerOf(int index) => OwnerOf(commitment.Unsigned.OutPointOf(index));

    private int? OwnerOf(OutPoint outPoint)
    {
        if (world.SpenderOf(outPoint) is not { } spender)
            return null;
        var stage = StandardScripts.P2wshOf(commitment.RevocableScript);
        var input = Enumerable.Range(0, spender.InputCount).First(i => spender.PreviousOutput(i) == outPoint);
        if (outPoint.TxId == commitment.Unsigned.TxId && input < spender.OutputCount && spender.Output(input).ScriptPubKey == stage)
            return OwnerOf(spender.OutPointOf(input));
        for (var side = 0; side < parties.Length; side++)
        {
            if (parties[side] is { } party && spender.Outputs.Any(output => output.ScriptPubKey == party.Wallet.Script))
                return side;
        }

        throw new InvalidOperationException($"{spender} pays nobody we know.");
    }
}
