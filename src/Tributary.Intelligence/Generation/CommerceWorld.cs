using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Generation;

/// <summary>Who takes part: merchants where they are, customers with their habits, and numbers for devices, cards and addresses.</summary>
internal sealed class CommerceWorld
{
    private const double AbuserShare = 0.008;
    private const double DenierShare = 0.015;
    private const int AbusersOfRing = 3;

    private static readonly (double Latitude, double Longitude)[] Cities =
    [
        (52.52, 13.40), (48.86, 2.35), (51.51, -0.13), (41.39, 2.17), (45.46, 9.19), (50.08, 14.44), (52.23, 21.01), (59.33, 18.07), (48.21, 16.37), (38.72, -9.14),
    ];

    private readonly Merchant[] _merchants;
    private readonly Customer[] _customers;
    private int _numbers;
    private int _guests;

    public CommerceWorld(CommerceOptions options)
    {
        var generator = new SeededGenerator(options.Seed, 1);
        _merchants = new Merchant[options.Merchants];
        for (var i = 0; i < _merchants.Length; i++)
            _merchants[i] = CreateMerchant(i, ref generator);
        _customers = new Customer[options.Customers];
        var ring = (Device: 0, Address: 0, Left: 0);
        for (var i = 0; i < _customers.Length; i++)
        {
            var customer = CreateCustomer(ref generator);
            if (generator.NextDouble() < AbuserShare)
            {
                if (ring.Left == 0)
                    ring = (NewNumber(), NewNumber(), AbusersOfRing);
                ring.Left--;
                customer = customer with { IsAbuser = true, Rate = customer.Rate * 2, Address = ring.Address, Devices = [customer.Devices[0], ring.Device] };
            }

            _customers[i] = customer with { IsDenier = generator.NextDouble() < DenierShare };
        }

        _guests = options.Customers;
    }

    public ReadOnlySpan<Customer> Customers => _customers;

    public ReadOnlySpan<Merchant> Merchants => _merchants;

    /// <summary>A number that no card, device or address has yet.</summary>
    public int NewNumber() => ++_numbers;

    /// <summary>The number of an account made for one purchase.</summary>
    public int NewGuest() => _guests++;

    /// <summary>From now on the customer uses another device first.</summary>
    public void ReplaceDevice(int customer) => _customers[customer] = _customers[customer] with { Devices = [NewNumber(), _customers[customer].Devices[0]] };

    /// <summary>A merchant of some kind; any merchant where there is none of it.</summary>
    public Merchant PickMerchant(Func<CommerceCategory, bool> suits, ref SeededGenerator generator)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var merchant = _merchants[generator.NextInt32(_merchants.Length)];
            if (suits(CommerceCategory.All[merchant.Category]))
                return merchant;
        }

        return _merchants[generator.NextInt32(_merchants.Length)];
    }

    private Merchant CreateMerchant(int number, ref SeededGenerator generator)
    {
        var category = generator.NextInt32(CommerceCategory.All.Length);
        var (latitude, longitude) = NearCity(ref generator);
        var terminals = new int[CommerceCategory.All[category].IsOnline ? 1 : 1 + generator.NextInt32(4)];
        for (var i = 0; i < terminals.Length; i++)
            terminals[i] = NewNumber();
        return new Merchant(number, category, latitude, longitude, terminals, Math.Exp(.3 * generator.NextNormal()));
    }

    private Customer CreateCustomer(ref SeededGenerator generator)
    {
        var (latitude, longitude) = NearCity(ref generator);
        var favourites = new int[6];
        for (var i = 0; i < favourites.Length; i++)
            favourites[i] = generator.NextInt32(_merchants.Length);
        var devices = generator.NextDouble() < .4 ? new[] { NewNumber(), NewNumber() } : [NewNumber()];
        var cards = generator.NextDouble() < .3 ? new[] { NewNumber(), NewNumber() } : [NewNumber()];
        return new Customer(
            latitude, longitude, Math.Exp((.6 * generator.NextNormal()) - 1.55), Math.Exp(.45 * generator.NextNormal()), devices, cards, NewNumber(), favourites, IsAbuser: false, IsDenier: false);
    }

    private static (double Latitude, double Longitude) NearCity(ref SeededGenerator generator)
    {
        var (latitude, longitude) = Cities[generator.NextInt32(Cities.Length)];
        return (latitude + (.15 * generator.NextNormal()), longitude + (.2 * generator.NextNormal()));
    }

    /// <summary>A merchant with its terminals and how dear it is.</summary>
    public sealed record Merchant(int Number, int Category, double Latitude, double Longitude, int[] Terminals, double Price);

    /// <summary>A customer: where, how many payments a day, how large, with what, and where they like to buy.</summary>
    public sealed record Customer(
        double Latitude,
        double Longitude,
        double Rate,
        double Spending,
        int[] Devices,
        int[] Cards,
        int Address,
        int[] Favourites,
        bool IsAbuser,
        bool IsDenier);
}
