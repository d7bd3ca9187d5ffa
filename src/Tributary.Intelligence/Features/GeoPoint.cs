namespace Tributary.Intelligence.Features;

/// <summary>A place on Earth in millionths of a degree; the default value is "unknown".</summary>
public readonly record struct GeoPoint
{
    /// <summary>The mean radius of Earth (IUGG), in kilometres.</summary>
    private const double EarthRadiusKm = 6371.0088;

    private const double RadiansPerMicrodegree = Math.PI / 180 / 1e6;

    private readonly bool _isKnown;

    /// <param name="latitudeE6">Millionths of a degree north, −90,000,000 … 90,000,000.</param>
    /// <param name="longitudeE6">Millionths of a degree east, −180,000,000 … 180,000,000.</param>
    public GeoPoint(int latitudeE6, int longitudeE6)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs((long)latitudeE6), 90_000_000, nameof(latitudeE6));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs((long)longitudeE6), 180_000_000, nameof(longitudeE6));
        LatitudeE6 = latitudeE6;
        LongitudeE6 = longitudeE6;
        _isKnown = true;
    }

    /// <summary>False for the default value.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>Millionths of a degree north.</summary>
    public int LatitudeE6 { get; }

    /// <summary>Millionths of a degree east.</summary>
    public int LongitudeE6 { get; }

    /// <summary>A place from degrees; unknown when they are not finite or out of range.</summary>
    public static GeoPoint FromDegrees(double latitude, double longitude) =>
        Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180
            ? new GeoPoint((int)Math.Round(latitude * 1e6), (int)Math.Round(longitude * 1e6))
            : default;

    /// <summary>The great-circle distance by the haversine formula; NaN when either place is unknown.</summary>
    public static double DistanceKm(GeoPoint a, GeoPoint b)
    {
        if (!a._isKnown || !b._isKnown)
            return double.NaN;
        var latitudeA = a.LatitudeE6 * RadiansPerMicrodegree;
        var latitudeB = b.LatitudeE6 * RadiansPerMicrodegree;
        var sinLatitude = Math.Sin((latitudeB - latitudeA) / 2);
        var sinLongitude = Math.Sin((b.LongitudeE6 - a.LongitudeE6) * RadiansPerMicrodegree / 2);
        var h = (sinLatitude * sinLatitude) + (Math.Cos(latitudeA) * Math.Cos(latitudeB) * sinLongitude * sinLongitude);
        return 2 * EarthRadiusKm * Math.Asin(Math.Sqrt(Math.Min(1, h)));
    }

    /// <summary>Both coordinates and whether they are known in one number, for storage.</summary>
    internal long Pack() => _isKnown ? (((long)LatitudeE6 + 90_000_000) << 32) | (uint)(LongitudeE6 + 180_000_000) : -1;

    /// <summary>What <see cref="Pack"/> made; false when the number is not one that it makes.</summary>
    internal static bool TryUnpack(long packed, out GeoPoint point)
    {
        point = default;
        if (packed == -1)
            return true;
        var latitude = (packed >> 32) - 90_000_000;
        var longitude = (uint)packed - 180_000_000L;
        if (packed < 0 || latitude > 90_000_000 || longitude > 180_000_000)
            return false;
        point = new GeoPoint((int)latitude, (int)longitude);
        return true;
    }
}
