WITH their_deals AS (
  SELECT
    CAST("ID" AS VARCHAR) AS deal_id,
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("CLOSED_AT" AS TIMESTAMPNTZ) AS closed_at,
    CAST("STAGE" AS VARCHAR) AS stage,
    "VALUE" AS amount,
    CAST("CURRENCY" AS VARCHAR) AS currency,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."OPPORTUNITIES"
), their_leads AS (
  SELECT
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST("REGION" AS VARCHAR) AS region,
    CAST("SEGMENT" AS VARCHAR) AS segment,
    CAST("OWNER" AS VARCHAR) AS owner,
    "SCORE" AS score,
    CAST("FIRST_RESPONSE_AT" AS TIMESTAMPNTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST(GET("EXTRA", 'tier') AS VARCHAR) AS attribute_0
  FROM "CRM"."LEADS"
), facts_deals AS (
  SELECT
    deal_id,
    lead_id,
    created_at AS created_at,
    closed_at AS closed_at,
    stage,
    amount,
    currency,
    workflow,
    channel,
    import_id,
    line
  FROM their_deals AS current_deals
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.deal_id,
    fact.lead_id,
    fact.created_at AS created_at,
    fact.closed_at AS closed_at,
    fact.stage,
    fact.amount,
    fact.currency,
    origin.workflow,
    fact.channel,
    fact.import_id,
    fact.line
  FROM their_deals AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), facts_leads AS (
  SELECT
    lead_id,
    created_at AS created_at,
    workflow,
    channel,
    region,
    segment,
    owner,
    score,
    first_response_at AS first_response_at,
    attribute_0,
    import_id,
    line
  FROM their_leads AS current_leads
), entered AS (
  SELECT
    unit.lead_id AS unit_id,
    COALESCE(unit.attribute_0, 'unknown') AS segment,
    DATEADD(DAY, 1 - DAYOFWEEKISO(CAST(unit.created_at AS DATE)), CAST(unit.created_at AS DATE)) AS cohort_week
  FROM facts_leads AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.created_at AS DATE) <= CAST('2024-06-30' AS DATE)
), won AS (
  SELECT
    lead_id,
    CAST(closed_at AS DATE) AS closed_on,
    currency,
    CAST(amount AS DECIMAL(18, 2)) AS amount
  FROM facts_deals AS deals
  WHERE
    stage = 'won'
    AND NOT amount IS NULL
    AND CAST(closed_at AS DATE) <= CAST('2024-06-30' AS DATE)
)
SELECT
  segment,
  cohort_week,
  CAST(NULL AS INT) AS age,
  CAST(NULL AS VARCHAR) AS currency,
  COUNT(*) AS units,
  CAST(NULL AS DECIMAL(18, 2)) AS amount,
  CAST(NULL AS DECIMAL(18, 2)) AS amount_squared
FROM entered
GROUP BY
  1,
  2,
  3,
  4,
  6,
  7
UNION ALL
SELECT
  entered.segment,
  entered.cohort_week,
  GREATEST_IGNORE_NULLS(
    CAST((
      DATEDIFF(
        DAY,
        CAST(entered.cohort_week AS DATE),
        CAST(DATEADD(DAY, 1 - DAYOFWEEKISO(CAST(won.closed_on AS DATE)), CAST(won.closed_on AS DATE)) AS DATE)
      )
    ) / 7 AS BIGINT),
    0
  ) AS age,
  won.currency,
  COUNT(*) AS units,
  SUM(won.amount) AS amount,
  SUM(won.amount * won.amount) AS amount_squared
FROM entered
INNER JOIN won
  ON entered.unit_id = won.lead_id
GROUP BY
  1,
  2,
  3,
  4
