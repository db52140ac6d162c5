WITH their_appointments AS (
  SELECT
    CAST(`appointment_id` AS STRING) AS appointment_id,
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`booked_at` AS TIMESTAMP_NTZ) AS booked_at,
    CAST(`held_at` AS TIMESTAMP_NTZ) AS held_at,
    CAST(`status` AS STRING) AS status,
    CAST(`qualified` AS BOOLEAN) AS qualified,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `crm`.`appointments`
), their_deals AS (
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
    CAST(0 AS BIGINT) AS line
  FROM `crm`.`leads`
), facts_appointments AS (
  SELECT
    appointment_id,
    lead_id,
    booked_at AS booked_at,
    held_at AS held_at,
    status,
    qualified,
    workflow,
    import_id,
    line
  FROM their_appointments AS current_appointments
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.appointment_id,
    fact.lead_id,
    fact.booked_at AS booked_at,
    fact.held_at AS held_at,
    fact.status,
    fact.qualified,
    origin.workflow,
    fact.import_id,
    fact.line
  FROM their_appointments AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
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
    import_id,
    line
  FROM their_leads AS current_leads
), entered AS (
  SELECT
    unit.lead_id,
    TRUNC(CAST(unit.created_at AS DATE), 'WEEK') AS cohort_week,
    CASE
      WHEN CAST(unit.first_response_at AS DATE) <= CAST('2024-06-30' AS DATE)
      THEN GREATEST(unit.first_response_at, unit.created_at)
    END AS answered_at,
    unit.created_at
  FROM facts_leads AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.created_at AS DATE) <= CAST('2024-06-30' AS DATE)
), happened AS (
  SELECT
    lead_id,
    MIN(happened_on) AS happened_on
  FROM (
    SELECT
      lead_id,
      CAST(closed_at AS DATE) AS happened_on
    FROM facts_deals AS deals
    WHERE
      'close_rate' = 'close_rate'
      AND stage = 'won'
      AND CAST(closed_at AS DATE) <= CAST('2024-06-30' AS DATE)
    UNION ALL
    SELECT
      lead_id,
      CAST(held_at AS DATE) AS happened_on
    FROM facts_appointments AS appointments
    WHERE
      'close_rate' = 'qualified_appointment_rate'
      AND qualified
      AND status = 'held'
      AND CAST(held_at AS DATE) <= CAST('2024-06-30' AS DATE)
  ) AS outcomes
  GROUP BY
    lead_id
)
SELECT
  entered.cohort_week,
  0 AS since_age,
  CAST((
    DATEDIFF(
      CAST(TRUNC(CAST(entered.answered_at AS DATE), 'WEEK') AS DATE),
      CAST(entered.cohort_week AS DATE)
    )
  ) / 7 AS BIGINT) AS yes_age,
  CAST(FLOOR(
    24 * LN(
      1 + CAST((
        (
          DATEDIFF(CAST(entered.answered_at AS DATE), CAST(entered.created_at AS DATE))
        ) * 86400 + (
          FLOOR(EXTRACT(HOUR FROM entered.answered_at)) - FLOOR(EXTRACT(HOUR FROM entered.created_at))
        ) * 3600 + (
          FLOOR(EXTRACT(MINUTE FROM entered.answered_at)) - FLOOR(EXTRACT(MINUTE FROM entered.created_at))
        ) * 60 + (
          FLOOR(EXTRACT(SECOND FROM entered.answered_at)) - FLOOR(EXTRACT(SECOND FROM entered.created_at))
        ) * 1
      ) AS DOUBLE) / 60
    )
  ) AS INT) AS bucket,
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
  END AS outcome_age,
  COUNT(*) AS units
FROM entered
LEFT JOIN happened
  ON entered.lead_id = happened.lead_id
GROUP BY
  1,
  2,
  3,
  4,
  5
