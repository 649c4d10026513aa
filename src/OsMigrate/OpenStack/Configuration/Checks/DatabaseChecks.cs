using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>The addresses of databases: whole, of a dialect and driver that are installed today, one database for each purpose.</summary>
internal static class DatabaseChecks
{
    private static readonly string[] Drivers = ["pymysql", "mysqldb", "mysqlconnector", "psycopg2", "pysqlite", "aiosqlite", "asyncpg", "aiomysql"];

    public static void Run(EffectiveConfig config, Findings findings)
    {
        foreach (var (section, isNeeded) in Sections(config))
        {
            if (config.Hit(section, "connection") is { } hit)
                One(config, hit, findings);
            else if (isNeeded)
                findings.AddMissing("Database.Missing", Error, config, section, "connection", $"{config.Set.Service} has no database.", $"connection = mysql+pymysql://USER:PASSWORD@HOST/{config.Set.Service.ToString().ToLowerInvariant()}");
        }

        if (config.Set.Service == ServiceName.Nova && config.Hit("api_database", "connection") is { } api && config.Value("database", "connection") is { } cell && config.Filled(api.Item) == cell)
            findings.Add("Database.Shared", Error, config, api, "Nova's API database and the cell's database are the same one; their tables clash.", "Use nova_api for [api_database].");
    }

    /// <summary>Sections with a database, and whether the service does without.</summary>
    public static IEnumerable<(string Section, bool IsNeeded)> Sections(EffectiveConfig config) => config.Set.Service switch
    {
        ServiceName.Placement => [("placement_database", true)],
        // A compute host must not know the database. A file that names one of the two belongs to a host that needs both.
        ServiceName.Nova => [("database", config.Hit("api_database", "connection") is not null), ("api_database", config.Hit("database", "connection") is not null)],
        // Agents of Neutron and glance-cache and the like do without.
        ServiceName.Neutron => [("database", config.Set.Program is null && config.Hit(Text.GroupNames.Default, "core_plugin") is not null && config.Hit("keystone_authtoken", "password") is not null)],
        ServiceName.Glance => [("database", config.Set.Program is null or "glance-api")],
        _ => [("database", config.Set.Program is null)],
    };

    private static void One(EffectiveConfig config, ConfigHit hit, Findings findings)
    {
        var value = config.Filled(hit.Item);
        if (DatabaseUrl.Parse(value) is not { } url)
        {
            findings.Add("Database.Syntax", Error, config, hit, "The value is no address of a database.", "mysql+pymysql://USER:PASSWORD@HOST/DATABASE");
            return;
        }

        Scheme(config, hit, url, findings);
        if (url.Dialect == "sqlite")
        {
            findings.Add("Database.Sqlite", Warning, config, hit, "SQLite allows one writer at a time, and only on this machine.", "Use MariaDB or PostgreSQL for more than a trial.");
            return;
        }

        if (url.Database.Length == 0)
            findings.Add("Database.NoDatabase", Error, config, hit, "The address names no database.", "Add /DATABASE behind the host.");
        if (url.Host is null && url.Socket is null)
            findings.Add("Database.NoHost", Error, config, hit, "The address names no host.", "Add @HOST before the database.");
        else if (url.Host is { } host && (host.IndexOf('@') >= 0 || value.Substring(0, value.LastIndexOf('@') + 1).Count(c => c == '@') > 1))
            findings.Add("Database.Characters", Error, config, hit, "There is more than one @: a character of the password is taken for the end of it.", "Write @ : / ? # and % in a password as %40 %3A %2F %3F %23 %25.");
        if (url.Password is null && url.Socket is null)
            findings.Add("Database.NoPassword", Warning, config, hit, "The address has no password.", "Give the database's user a password, and write it here.");
    }

    private static void Scheme(EffectiveConfig config, ConfigHit hit, DatabaseUrl url, Findings findings)
    {
        switch (url.Dialect, url.Driver)
        {
            case ("mysql", null) or ("mysql", "mysqldb"):
                findings.Add("Database.Scheme", Warning, config, hit, "mysql:// means the driver MySQLdb, which services no longer install or test.", "Write mysql+pymysql://.");
                break;
            case ("postgres", _):
                findings.Add("Database.Scheme", Error, config, hit, "SQLAlchemy 1.4 no longer takes postgres://.", "Write postgresql://.");
                break;
            case ("mysql" or "mariadb" or "postgresql" or "sqlite", null):
                break;
            case ("mysql" or "mariadb" or "postgresql" or "sqlite", { } driver) when Array.IndexOf(Drivers, driver) >= 0:
                break;
            case ("mysql" or "mariadb" or "postgresql" or "sqlite", _):
                findings.Add("Database.Driver", Error, config, hit, $"'{url.Driver}' is no driver of {url.Dialect}.", "Write mysql+pymysql:// or postgresql+psycopg2://.");
                break;
            default:
                findings.Add("Database.Scheme", Error, config, hit, $"'{url.Dialect}' is no database that the services know.", "Write mysql+pymysql:// or postgresql://.");
                break;
        }
    }
}
