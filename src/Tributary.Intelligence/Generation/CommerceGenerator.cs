using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Generation;

/// <summary>
/// Makes up commerce: customers who buy by their habits, and four kinds of fraud among them. Card testers try many cards from one device within an
/// hour; a stranger in an account buys from a new device what can be resold; rings buy, complain and keep; some customers deny what they bought. The
/// same seed gives the same payments. What is learned from it says nothing about a real shop: it shows that the parts work together.
/// </summary>
public static class CommerceGenerator
{
    private const int DaySeconds = 86_400;
    private const double UsualCustomers = 6_000;

    /// <summary>The payments in the order of time.</summary>
    /// <param name="options">How many, of which days, by which seed.</param>
    public static IReadOnlyList<CommercePayment> Generate(CommerceOptions options)
    {
        if (options.Fault() is { } fault)
            throw new ArgumentException($"{fault.Name} {fault.Reason}.", nameof(options));
        var world = new CommerceWorld(options);
        var payments = new List<CommercePayment>((int)Math.Min(50_000_000, options.Customers * (long)options.Days * 3 / 10));
        var first = options.FirstDay.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        var attacks = options.FraudScale * options.Customers / UsualCustomers;
        for (var day = 0; day < options.Days; day++)
        {
            var generator = new SeededGenerator(options.Seed, 1_000 + (ulong)day);
            var midnight = (first + (long)day) * DaySeconds;
            for (var customer = 0; customer < world.Customers.Length; customer++)
                AddDay(world, payments, customer, midnight, options.FraudScale, ref generator);
            for (var i = Poisson(.5 * attacks, ref generator); i > 0; i--)
                AddCardTesting(world, payments, midnight, ref generator);
            for (var i = Poisson(1.6 * attacks, ref generator); i > 0; i--)
                AddTakeover(world, payments, midnight, ref generator);
        }

        // A stable order of equal times: the list's own.
        return [.. payments.Select(static (payment, index) => (payment, index)).OrderBy(static pair => pair.payment.TimeSeconds).ThenBy(static pair => pair.index).Select(static pair => pair.payment)];
    }

    private static void AddDay(
        CommerceWorld world, List<CommercePayment> payments, int number, long midnight, double fraudScale, ref SeededGenerator generator)
    {
        if (generator.NextDouble() < .001)
            world.ReplaceDevice(number);
        var customer = world.Customers[number];
        var isAway = generator.NextDouble() < .01;
        for (var i = Poisson(customer.Rate, ref generator); i > 0; i--)
        {
            var merchant = generator.NextDouble() < .7
                ? world.Merchants[customer.Favourites[generator.NextInt32(customer.Favourites.Length)]]
                : world.Merchants[generator.NextInt32(world.Merchants.Length)];
            var category = CommerceCategory.All[merchant.Category];
            var fraud = FraudKind.None;
            var amount = category.Median * merchant.Price * customer.Spending * Math.Exp(category.Spread * generator.NextNormal());
            var draw = generator.NextDouble();
            if (customer.IsAbuser && category.IsReturned && draw < .6 * fraudScale)
                (fraud, amount) = (FraudKind.RefundAbuse, amount * 1.8);
            else if (customer.IsDenier && category is { IsOnline: true, IsReturned: false } && draw < .25 * fraudScale)
                fraud = FraudKind.FriendlyFraud;

            var away = isAway || generator.NextDouble() < .02;
            var (latitude, longitude) = category.IsOnline
                ? (customer.Latitude, customer.Longitude)
                : (merchant.Latitude, merchant.Longitude);
            if (away)
                (latitude, longitude) = (latitude + (3 * generator.NextNormal()), longitude + (4 * generator.NextNormal()));
            payments.Add(new CommercePayment(
                midnight + TimeOfDay(ref generator),
                number,
                customer.Cards[generator.NextDouble() < .8 ? 0 : ^1],
                customer.Devices[generator.NextDouble() < .8 ? 0 : ^1],
                away ? world.NewNumber() : customer.Address,
                merchant.Terminals[generator.NextInt32(merchant.Terminals.Length)],
                merchant.Number,
                merchant.Category,
                latitude,
                longitude,
                Cents(amount),
                fraud));
        }
    }

    /// <summary>Many small payments from one device within an hour or two: stolen cards of customers, and cards from elsewhere.</summary>
    private static void AddCardTesting(CommerceWorld world, List<CommercePayment> payments, long midnight, ref SeededGenerator generator)
    {
        var merchant = world.PickMerchant(static category => category is { IsOnline: true, Median: < 60 }, ref generator);
        var time = midnight + generator.NextInt32(DaySeconds - (2 * 3_600));
        var (device, address) = (world.NewNumber(), world.NewNumber());
        var (latitude, longitude) = Far(ref generator);
        for (var left = 10 + generator.NextInt32(40); left > 0; left--)
        {
            time += 5 + generator.NextInt32(150);
            if (generator.NextDouble() < .1)
                address = world.NewNumber();
            var victim = world.Customers[generator.NextInt32(world.Customers.Length)];
            payments.Add(new CommercePayment(
                time,
                world.NewGuest(),
                generator.NextDouble() < .5 ? victim.Cards[0] : world.NewNumber(),
                device,
                address,
                merchant.Terminals[0],
                merchant.Number,
                merchant.Category,
                latitude,
                longitude,
                Cents(.5 + (4.5 * generator.NextDouble())),
                FraudKind.CardTesting));
        }
    }

    /// <summary>A stranger in a customer's account: a new device, elsewhere, goods that can be resold.</summary>
    private static void AddTakeover(CommerceWorld world, List<CommercePayment> payments, long midnight, ref SeededGenerator generator)
    {
        var number = generator.NextInt32(world.Customers.Length);
        var victim = world.Customers[number];
        var time = midnight + generator.NextInt32(DaySeconds - (6 * 3_600));
        var (device, address) = (generator.NextDouble() < .85 ? world.NewNumber() : victim.Devices[0], world.NewNumber());
        var (latitude, longitude) = generator.NextDouble() < .7 ? Far(ref generator) : (victim.Latitude, victim.Longitude);
        for (var left = 1 + generator.NextInt32(5); left > 0; left--)
        {
            var merchant = world.PickMerchant(static category => category.IsResold, ref generator);
            var category = CommerceCategory.All[merchant.Category];
            time += 60 + generator.NextInt32(4_000);
            payments.Add(new CommercePayment(
                time,
                number,
                victim.Cards[0],
                device,
                address,
                merchant.Terminals[0],
                merchant.Number,
                merchant.Category,
                latitude,
                longitude,
                Cents(category.Median * merchant.Price * 2 * Math.Exp(.5 * generator.NextNormal())),
                FraudKind.AccountTakeover));
        }
    }

    private static (double Latitude, double Longitude) Far(ref SeededGenerator generator) =>
        (-35 + (90 * generator.NextDouble()), -120 + (250 * generator.NextDouble()));

    private static long Cents(double amount) => Math.Max(1, (long)Math.Round(amount * 100));

    /// <summary>Around noon or in the evening; never before midnight or after it.</summary>
    private static int TimeOfDay(ref SeededGenerator generator)
    {
        while (true)
        {
            var hour = generator.NextDouble() < .55 ? 12.5 + (3 * generator.NextNormal()) : 19.5 + (2.5 * generator.NextNormal());
            if (hour is >= 0 and < 24)
                return (int)(hour * 3_600);
        }
    }

    /// <summary>Knuth's method: means here are small.</summary>
    private static int Poisson(double mean, ref SeededGenerator generator)
    {
        var count = 0;
        while (mean > 0)
        {
            // A large mean is drawn in parts, so that its exponential does not vanish.
            var part = Math.Min(mean, 20);
            mean -= part;
            var limit = Math.Exp(-part);
            for (var product = generator.NextDouble(); product > limit; product *= generator.NextDouble())
                count++;
        }

        return count;
    }
}
