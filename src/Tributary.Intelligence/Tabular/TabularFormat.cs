using System.Collections.Immutable;

namespace Tributary.Intelligence.Tabular;

/// <summary>How a public table is written down.</summary>
/// <param name="Name">The name by which a command asks for it.</param>
/// <param name="Separator">Between fields; spaces around a field are not part of it.</param>
/// <param name="HasHeader">Whether the first line names the columns. Columns are then found by name, else by place.</param>
/// <param name="Columns">The columns; exactly one is the label.</param>
/// <param name="PositiveLabel">The label's text for a positive; any other is a negative.</param>
/// <param name="NegativeLabel">The label's text for a negative.</param>
/// <param name="MissingTexts">Texts that stand for a missing value, besides nothing at all.</param>
public sealed record TabularFormat(
    string Name,
    char Separator,
    bool HasHeader,
    ImmutableArray<TabularColumn> Columns,
    string PositiveLabel,
    string NegativeLabel,
    ImmutableArray<string> MissingTexts)
{
    /// <summary>UCI "default of credit card clients" (Taiwan, Yeh and Lien, 2009): positive is a default in the next month.</summary>
    public static TabularFormat Taiwan { get; } = new(
        "taiwan",
        ',',
        true,
        [
            new("ID", ColumnRole.Ignored),
            new("LIMIT_BAL", ColumnRole.Numeric),
            new("SEX", ColumnRole.Categorical),
            new("EDUCATION", ColumnRole.Categorical),
            new("MARRIAGE", ColumnRole.Categorical),
            .. Numeric(
                "AGE", "PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6", "BILL_AMT1", "BILL_AMT2", "BILL_AMT3", "BILL_AMT4", "BILL_AMT5", "BILL_AMT6",
                "PAY_AMT1", "PAY_AMT2", "PAY_AMT3", "PAY_AMT4", "PAY_AMT5", "PAY_AMT6"),
            new("default.payment.next.month", ColumnRole.Label),
        ],
        "1",
        "0",
        ["NA"]);

    /// <summary>Statlog "German credit" (Hofmann, 1994): positive is a bad risk.</summary>
    public static TabularFormat German { get; } = new(
        "german",
        ' ',
        false,
        [
            new("checking_account", ColumnRole.Categorical),
            new("duration_months", ColumnRole.Numeric),
            .. Categorical("credit_history", "purpose"),
            new("amount", ColumnRole.Numeric),
            .. Categorical("savings", "employment_since"),
            new("instalment_rate", ColumnRole.Numeric),
            .. Categorical("personal_status", "other_debtors"),
            new("residence_since", ColumnRole.Numeric),
            new("property", ColumnRole.Categorical),
            new("age", ColumnRole.Numeric),
            .. Categorical("other_instalments", "housing"),
            new("existing_credits", ColumnRole.Numeric),
            new("job", ColumnRole.Categorical),
            new("dependants", ColumnRole.Numeric),
            .. Categorical("telephone", "foreign_worker"),
            new("risk", ColumnRole.Label),
        ],
        "2",
        "1",
        []);

    /// <summary>"credit_data" (Gaston Sanchez; R packages recipes and modeldata): positive is a bad status.</summary>
    public static TabularFormat CreditData { get; } = new(
        "credit_data",
        ',',
        true,
        [
            new("rownames", ColumnRole.Ignored),
            new("Status", ColumnRole.Label),
            new("Seniority", ColumnRole.Numeric),
            new("Home", ColumnRole.Categorical),
            .. Numeric("Time", "Age"),
            .. Categorical("Marital", "Records", "Job"),
            .. Numeric("Expenses", "Income", "Assets", "Debt", "Amount", "Price"),
        ],
        "bad",
        "good",
        ["NA"]);

    /// <summary>UCI "Adult" (Kohavi and Becker, 1996): positive is an income above 50,000 dollars.</summary>
    public static TabularFormat Adult { get; } = new(
        "adult",
        ',',
        false,
        [
            new("age", ColumnRole.Numeric),
            new("workclass", ColumnRole.Categorical),
            new("fnlwgt", ColumnRole.Numeric),
            new("education", ColumnRole.Categorical),
            new("education_num", ColumnRole.Numeric),
            .. Categorical("marital_status", "occupation", "relationship", "race", "sex"),
            .. Numeric("capital_gain", "capital_loss", "hours_per_week"),
            new("native_country", ColumnRole.Categorical),
            new("income", ColumnRole.Label),
        ],
        ">50K",
        "<=50K",
        ["?"]);

    /// <summary>IBM's sample "Telco customer churn": positive is a customer who left.</summary>
    public static TabularFormat Telco { get; } = new(
        "telco",
        ',',
        true,
        [
            new("customerID", ColumnRole.Ignored),
            .. Categorical("gender", "SeniorCitizen", "Partner", "Dependents"),
            new("tenure", ColumnRole.Numeric),
            .. Categorical(
                "PhoneService", "MultipleLines", "InternetService", "OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV",
                "StreamingMovies", "Contract", "PaperlessBilling", "PaymentMethod"),
            .. Numeric("MonthlyCharges", "TotalCharges"),
            new("Churn", ColumnRole.Label),
        ],
        "Yes",
        "No",
        []);

    /// <summary>Every format that is known by name.</summary>
    public static ImmutableArray<TabularFormat> All { get; } = [Taiwan, German, CreditData, Adult, Telco];

    private static IEnumerable<TabularColumn> Numeric(params IEnumerable<string> names) => names.Select(name => new TabularColumn(name, ColumnRole.Numeric));

    private static IEnumerable<TabularColumn> Categorical(params IEnumerable<string> names) => names.Select(name => new TabularColumn(name, ColumnRole.Categorical));
}
