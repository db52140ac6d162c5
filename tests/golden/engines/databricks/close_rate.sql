WITH their_deals AS (
  SELECT
    CAST(`id` AS STRING) AS deal_id,
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`created_at` AS TIMESTAMP_NTZ) AS created_at,
    CAST(`closed_at` AS TIMESTAMP_NTZ) AS closed_at,
    CAST(`stage` AS STRING) AS stage,
    `value` AS amount,
    CAST(`currency` AS STRING) AS currency,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`channel` AS STRING) AS channel,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `crm`.`opportunities`
), their_leads AS (
  SELECT
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`created_at` AS TIMESTAMP_NTZ) AS created_at,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`channel` AS STRING) AS channel,
    CAST(`region` AS STRING) AS region,
    CAST(`segment` AS STRING) AS segment,
    CAST(`owner` AS STRING) AS owner,
    `score` AS score,
    CAST(`first_response_at` AS TIMESTAMP_NTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST(ELEMENT_AT(`extra`, 'tier') AS STRING) AS attribute_0
  FROM `crm`.`leads`
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
    TRUNC(CAST(unit.created_at AS DATE), 'WEEK') AS cohort_week,
    1 AS units
  FROM facts_leads AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.created_at AS DATE) <= CAST('2024-06-30' AS DATE)
), happened AS (
  SELECT
    lead_id AS unit_id,
    MIN(CAST(closed_at AS DATE)) AS happened_on
  FROM facts_deals AS deals
  WHERE
    stage = 'won' AND CAST(closed_at AS DATE) <= CAST('2024-06-30' AS DATE)
  GROUP BY
    lead_id
)
SELECT
  entered.segment,
  entered.cohort_week,
  CASE
    WHEN NOT happened.happened_on IS NULL
    THEN GREATEST(
      CAST((
        DATEDIFF(
          CAST(TRUNC(CAST(happened.happened_on AS DATE), 'WEEK') AS DATE),
          CAST(entered.cohort_week AS DATE)
        )
      ) / 7 AS BIGINT),
      0
    )
  END AS age,
  CAST(SUM(entered.units) AS BIGINT) AS units
FROM entered
LEFT JOIN happened
  ON entered.unit_id = happened.unit_id
GROUP BY
  1,
  2,
  3
