/** Usage by UTC day as well: a year of hours takes too long to sum for one request. */
export const usageDays = `
  -- A day is named by its first minute, so that it reads like the rows of usage.
  CREATE TABLE usage_days (
    minute INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    tenant_id TEXT,
    route TEXT NOT NULL,
    outcome TEXT NOT NULL,
    requests INTEGER NOT NULL,
    emails INTEGER NOT NULL,
    ms_total REAL NOT NULL,
    ms_1 INTEGER NOT NULL,
    ms_2 INTEGER NOT NULL,
    ms_5 INTEGER NOT NULL,
    ms_10 INTEGER NOT NULL,
    ms_20 INTEGER NOT NULL,
    ms_50 INTEGER NOT NULL,
    ms_100 INTEGER NOT NULL,
    ms_200 INTEGER NOT NULL,
    ms_500 INTEGER NOT NULL,
    ms_1000 INTEGER NOT NULL,
    ms_2000 INTEGER NOT NULL,
    ms_5000 INTEGER NOT NULL,
    ms_more INTEGER NOT NULL,
    PRIMARY KEY (minute, key_id, route, outcome)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO usage_days
  SELECT minute - minute % 1440, key_id, max(tenant_id), route, outcome, sum(requests), sum(emails),
    sum(ms_total), sum(ms_1), sum(ms_2), sum(ms_5), sum(ms_10), sum(ms_20), sum(ms_50), sum(ms_100),
    sum(ms_200), sum(ms_500), sum(ms_1000), sum(ms_2000), sum(ms_5000), sum(ms_more)
  FROM usage GROUP BY 1, 2, 4, 5;

  CREATE TABLE delivery_usage_days (
    minute INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    outcome TEXT NOT NULL,
    recipients INTEGER NOT NULL,
    PRIMARY KEY (minute, tenant, outcome)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO delivery_usage_days
  SELECT minute - minute % 1440, tenant, outcome, sum(recipients)
  FROM delivery_usage GROUP BY 1, 2, 3;
`
