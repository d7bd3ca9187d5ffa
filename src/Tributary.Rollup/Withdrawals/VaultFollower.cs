using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Withdrawals;

/// <summary>
/// The vault's coins and what they were spent on, as blocks show it. A pure function of the blocks from the rollup's beginning on; a block that a
/// reorganisation takes away is taken back. Not safe for several threads.
/// </summary>
/// <param name="vault">The script that deposits pay to.</param>
/// <param name="rollup">Whose payouts to look for.</param>
public sealed class VaultFollower(Script vault, Bytes32 rollup)
{
    private readonly Dictionary<OutPoint, VaultCoin> _coins = [];
    private readonly List<(int Height, VaultCoin Coin, TxId? SpentBy)> _log = [];
    private readonly Dictionary<OutPoint, (int Height, TxId By)> _spent = [];
    private readonly List<VaultSpend> _spends = [];
    private long _order;

    /// <summary>The script that the vault is paid with.</summary>
    public Script Script => vault;

    /// <summary>Coins that nobody has spent, in the order of the chain.</summary>
    public IEnumerable<VaultCoin> Coins => _coins.Values.OrderBy(static coin => coin.Order);

    /// <summary>What they hold.</summary>
    public Satoshis Balance { get; private set; }

    /// <summary>Transactions that spent coins of the vault, in the order of the chain.</summary>
    public IReadOnlyList<VaultSpend> Spends => _spends;

    /// <summary>An unspent coin; null where there is none.</summary>
    public VaultCoin? Find(OutPoint output) => _coins.GetValueOrDefault(output);

    /// <summary>Who spent an output of the vault, and at which height; null where it is unspent or unknown.</summary>
    public (int Height, TxId By)? SpenderOf(OutPoint output) => _spent.TryGetValue(output, out var spender) ? spender : null;

    /// <summary>Shows it the next block.</summary>
    public void Connect(int height, Block block)
    {
        foreach (var transaction in block.Transactions)
        {
            var taken = transaction.IsCoinbase ? null : Spend(height, transaction);
            var returned = Satoshis.Zero;
            for (var output = 0; output < transaction.OutputCount; output++)
            {
                var paid = transaction.Output(output);
                if (paid.ScriptPubKey != vault)
                    continue;
                returned += paid.Value;
                Add(height, new VaultCoin(transaction.OutPointOf(output), paid.Value, height, _order++));
            }

            if (taken is { } spent)
                _spends.Add(Describe(height, transaction, spent, returned));
        }
    }

    /// <summary>Goes on from what was settled.</summary>
    internal static VaultFollower Resume(VaultBase from, Script vault, Bytes32 rollup)
    {
        var follower = new VaultFollower(vault, rollup) { _order = from.Order };
        foreach (var coin in from.Coins)
        {
            follower._coins.Add(coin.Output, coin);
            follower.Balance += coin.Value;
        }

        follower._spends.AddRange(from.Spends);
        return follower;
    }

    /// <summary>Lets go of what no later block can ask for: no block up to the height is taken back any more.</summary>
    /// <param name="height">The last height that is settled.</param>
    /// <param name="firstOwed">The first withdrawal that may still be paid; what was spent on others is settled.</param>
    /// <returns>The vault as it was after that block.</returns>
    internal VaultBase Settle(int height, ulong firstOwed)
    {
        var coins = new Dictionary<OutPoint, VaultCoin>(_coins);
        var order = _order;
        for (var i = _log.Count - 1; i >= 0 && _log[i].Height > height; i--)
        {
            var (_, coin, spentBy) = _log[i];
            if (spentBy is null)
            {
                _ = coins.Remove(coin.Output);
                order--;
            }
            else
            {
                coins.Add(coin.Output, coin);
            }
        }

        _ = _log.RemoveAll(entry => entry.Height <= height);
        foreach (var output in _spent.Where(spent => spent.Value.Height <= height).Select(static spent => spent.Key).ToList())
            _ = _spent.Remove(output);
        _ = _spends.RemoveAll(spend => spend.Height <= height && (spend.Payout is not { } payout || payout.First < firstOwed));
        return new VaultBase([.. coins.Values.OrderBy(static coin => coin.Order)], order, [.. _spends.Where(spend => spend.Height <= height)]);
    }

    /// <summary>Takes a block back, with all that it held.</summary>
    public void Disconnect(int height)
    {
        for (; _log.Count > 0 && _log[^1].Height >= height; _log.RemoveAt(_log.Count - 1))
        {
            var (_, coin, spentBy) = _log[^1];
            if (spentBy is null)
            {
                _ = _coins.Remove(coin.Output);
                Balance -= coin.Value;
            }
            else
            {
                _coins.Add(coin.Output, coin);
                _ = _spent.Remove(coin.Output);
                Balance += coin.Value;
            }
        }

        _ = _spends.RemoveAll(spend => spend.Height >= height);
    }

    private void Add(int height, VaultCoin coin)
    {
        _coins.Add(coin.Output, coin);
        _log.Add((height, coin, null));
        Balance += coin.Value;
    }

    private Satoshis? Spend(int height, Transaction transaction)
    {
        Satoshis? taken = null;
        for (var input = 0; input < transaction.InputCount; input++)
        {
            if (!_coins.Remove(transaction.PreviousOutput(input), out var coin))
                continue;
            taken = (taken ?? Satoshis.Zero) + coin.Value;
            Balance -= coin.Value;
            _spent.Add(coin.Output, (height, transaction.TxId));
            _log.Add((height, coin, transaction.TxId));
        }

        return taken;
    }

    private VaultSpend Describe(int height, Transaction transaction, Satoshis taken, Satoshis returned)
    {
        var marker = transaction.OutputCount == 0 ? null : PayoutMarker.Read(transaction.Output(0).ScriptPubKey, rollup);
        if (marker?.Count >= transaction.OutputCount)
            marker = null;
        return new VaultSpend(height, transaction.TxId, taken, returned, marker, [.. transaction.Outputs.Skip(1).Take(marker?.Count ?? 0)]);
    }
}
